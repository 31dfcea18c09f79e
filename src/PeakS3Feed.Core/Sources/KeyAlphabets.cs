using System.Text;

namespace PeakS3Feed.Sources;

/// <summary>
/// The characters that the names in a folder have at each position, learned from the keys of a listing. With them, names are numbers whose digits have
/// another base at each position, and the name that is likely to follow some pages later can be computed. Not safe for concurrent use.
/// </summary>
/// <param name="prefix">The prefix of all keys.</param>
internal sealed class KeyAlphabets(string prefix)
{
    private const int MaxPositions = 128;
    private const int Digits = 6; // of a computed name, from the first that differs: enough for any page

    private readonly Dictionary<string, List<Place>> _folders = new(StringComparer.Ordinal);

    /// <summary>Records the characters of keys.</summary>
    /// <param name="page">The page that has the keys.</param>
    /// <param name="keys">Some keys of it.</param>
    public void Learn(PageExtent page, IEnumerable<string> keys)
    {
        var folder = FolderOf(page);
        if (!_folders.TryGetValue(folder, out var seen))
            _folders[folder] = seen = [];
        int[] before = [];
        foreach (var key in keys)
        {
            var name = Name(key, folder);
            var changed = name.AsSpan().CommonPrefixLength(before);
            for (var i = 0; i < name.Length; i++)
            {
                if (i == seen.Count)
                    seen.Add(new());
                // When a character has changed, those at the next position that varies have begun again.
                var varies = i >= before.Length || name[i] != before[i];
                seen[i].Add(name[i], begins: i > changed && i < before.Length && (varies ? name[i] < before[i] : seen[i].IsSame));
                changed = i > changed && varies ? int.MaxValue : changed;
            }
            before = name;
        }
    }

    /// <summary>Forgets the folders before a key.</summary>
    public void ForgetBefore(string key)
    {
        foreach (var folder in _folders.Keys.Where(f => KeyOrder.Instance.Compare(f, key) < 0 && !key.StartsWith(f, StringComparison.Ordinal)).ToList())
            _folders.Remove(folder);
    }

    /// <summary>
    /// Returns a text that is likely to be some pages after another one, if names are as far apart as in a page of the same folder; null if there is no
    /// such text.
    /// </summary>
    /// <param name="from">The text.</param>
    /// <param name="page">A page.</param>
    /// <param name="pages">The number of pages.</param>
    /// <param name="mayLeave">Whether the text may be after all names that are likely in the folder.</param>
    public string? Jump(string from, PageExtent page, double pages, bool mayLeave)
    {
        var folder = FolderOf(page);
        if (!from.StartsWith(folder, StringComparison.Ordinal) || !_folders.TryGetValue(folder, out var seen))
            return null;
        var (first, last, name) = (Name(page.First, folder), Name(page.Last, folder), Name(from, folder));
        var level = first.AsSpan().CommonPrefixLength(last);
        if (level >= last.Length || level >= seen.Count)
            return null;
        var places = Enumerable.Range(0, level + Digits).Select(i => i < seen.Count ? seen[i].Likely : []).ToArray();
        var distance = Value(last, level, places) - Value(first, level, places);
        if (distance <= 0)
            return null;
        var target = Value(name, level, places) + (distance * pages);
        var carry = (long)Math.Min(target, int.MaxValue);
        var result = new StringBuilder(folder);
        foreach (var character in Head(name, level, places, ref carry))
            result.Append(new Rune(character));
        if (carry > 0)
            return mayLeave ? Beyond(folder, places[0]) : null;
        var rest = target - Math.Floor(target);
        foreach (var place in places.Skip(level).TakeWhile(p => p.Length > 0))
        {
            rest *= place.Length;
            var digit = Math.Min((int)rest, place.Length - 1);
            result.Append(new Rune(place[digit]));
            rest -= digit;
        }
        return result.ToString();
    }

    // The innermost folder that has the whole page.
    private string FolderOf(PageExtent page)
    {
        var same = page.First.AsSpan(prefix.Length).CommonPrefixLength(page.Last.AsSpan(prefix.Length));
        return page.First[..(prefix.Length + page.First.AsSpan(prefix.Length, same).LastIndexOf('/') + 1)];
    }

    // The characters before the level, to which what exceeds one unit of the level is added.
    private static int[] Head(int[] name, int level, int[][] places, ref long carry)
    {
        var head = new int[level];
        for (var i = level - 1; i >= 0; i--)
        {
            var rank = (i < name.Length ? Rank(places[i], name[i]) : 0) + carry;
            head[i] = carry == 0 && i < name.Length ? name[i] : places[i][(int)(rank % places[i].Length)];
            carry = carry == 0 ? 0 : rank / places[i].Length;
        }
        return head;
    }

    // The text after all names whose first character is known.
    private static string? Beyond(string folder, int[] place)
    {
        var next = place[^1] + 1;
        while (!Rune.IsValid(next) && next < 0x10FFFF)
            next++;
        return Rune.IsValid(next) ? folder + new Rune(next) : null;
    }

    // A name as a number from 0 to 1, by its characters from a level on.
    private static double Value(int[] name, int level, int[][] places)
    {
        var (value, unit) = (0.0, 1.0);
        for (var i = level; i < places.Length && i < name.Length && places[i].Length > 0; i++)
        {
            unit /= places[i].Length;
            value += unit * Rank(places[i], name[i]);
        }
        return value;
    }

    // A character that was not seen has the rank of the next one.
    private static int Rank(int[] place, int character)
        => Array.BinarySearch(place, character) is var at && at >= 0 ? at : Math.Min(~at, place.Length - 1);

    // The characters of a key after its folder, up to the next slash.
    private static int[] Name(string key, string folder)
        => [.. key[folder.Length..].EnumerateRunes().Select(r => r.Value).TakeWhile(c => c != '/').Take(MaxPositions)];

    // The characters at a position.
    private sealed class Place
    {
        private readonly SortedSet<int> _seen = [];
        private bool _hasBegunAgain;
        private int[]? _likely;

        /// <summary>The characters that are likely to occur.</summary>
        public int[] Likely => _likely ??= FindLikely();

        /// <summary>Whether only one character was seen.</summary>
        public bool IsSame => _seen.Count == 1;

        public void Add(int character, bool begins)
        {
            if (_seen.Add(character) || (begins && !_hasBegunAgain))
                _likely = null;
            _hasBegunAgain |= begins;
        }

        // Until the characters have begun again, not all have been seen. Then others of their kind are likely.
        private int[] FindLikely()
        {
            if (_hasBegunAgain)
                return [.. _seen];
            var likely = new SortedSet<int>(_seen);
            var hasDigits = _seen.Overlaps(Range('0', 10));
            if (hasDigits)
                likely.UnionWith(Range('0', 10));
            foreach (var a in "aA")
            {
                if (_seen.Overlaps(Range(a, 26)))
                    likely.UnionWith(Range(a, hasDigits && !_seen.Overlaps(Range(a + 6, 20)) ? 6 : 26)); // six in hexadecimal numbers
            }
            return [.. likely];
        }

        private static IEnumerable<int> Range(int from, int count) => Enumerable.Range(from, count);
    }
}
