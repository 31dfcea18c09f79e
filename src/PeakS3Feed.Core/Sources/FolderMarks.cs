namespace PeakS3Feed.Sources;

/// <summary>
/// The folders of a listing that are known, as places where it can be divided, and which folders have been searched for more. Only hints: a folder
/// may hold anything or nothing. Not safe for concurrent use.
/// </summary>
/// <param name="prefix">The prefix of the listing.</param>
internal sealed class FolderMarks(string prefix)
{
    /// <summary>How many pages a part has listed in a folder that is regarded as large.</summary>
    public const int MinPagesOfFolder = 4;

    private readonly Dictionary<string, SearchState> _searched = new(StringComparer.Ordinal);
    private List<string> _marks = [];
    private int _passed;
    private int _pagesTaken;
    private int _lastCount;

    /// <summary>Returns the number of folders after a text and before another one (null for the end), and the index of the first of them.</summary>
    public (int First, int Count) Between(string from, string? upTo)
    {
        var first = Index(from) is var at && at >= 0 ? at + 1 : ~at;
        var end = upTo is null ? _marks.Count : Index(upTo) is var e && e >= 0 ? e : ~e;
        return (first, Math.Max(0, end - first));
    }

    /// <summary>The number of folders of a page that has less than one, on average so far.</summary>
    public double Average => _pagesTaken == 0 ? 0 : (double)_passed / _pagesTaken;

    /// <summary>Returns how many folders begin in a page; the number in the last page where folders were known, if they are not known here.</summary>
    public int CountIn(string first, string last)
    {
        var isKnown = (_searched.TryGetValue(prefix, out var all) && all is { IsPending: false, Until: null })
            || (_marks.Count > 0 && KeyOrder.Instance.Compare(_marks[^1], last) >= 0);
        return isKnown ? _lastCount = Between(first, last).Count : _lastCount;
    }

    /// <summary>Returns a folder.</summary>
    public string this[int index] => _marks[index];

    /// <summary>
    /// Returns what is known of the folders of a part, and which folder to search next: the outermost one that has a whole page, and where the part
    /// has listed several.
    /// </summary>
    /// <param name="segment">The part.</param>
    /// <param name="page">The last page before its position.</param>
    /// <param name="needed">The number of folders that is worth another search.</param>
    public FolderSearch Inspect(ListingSegment segment, PageExtent page, double needed)
    {
        var (from, upTo) = (segment.Position ?? prefix, segment.UpTo);
        var isPartial = false;
        foreach (var folder in Around(from, page))
        {
            if (!_searched.TryGetValue(folder, out var state))
            {
                if (folder.Length > prefix.Length && segment.Arrived < MinPagesOfFolder)
                    break;
                return new(FolderKnowledge.Searchable, folder, from);
            }
            if (state.IsPending)
                return new(FolderKnowledge.Pending);
            if (state.Until is not { } until || (upTo is not null && KeyOrder.Instance.Compare(until, upTo) >= 0))
                continue;
            if (state.Found >= needed)
                return new(FolderKnowledge.Searchable, folder, KeyOrder.Instance.Compare(until, from) > 0 ? until : from);
            isPartial = true;
        }
        return new(isPartial ? FolderKnowledge.Partial : FolderKnowledge.Whole);
    }

    /// <summary>Records that a folder is being searched.</summary>
    public void BeginSearch(string folder) => _searched[folder] = new(0, null, IsPending: true);

    /// <summary>Records that a search has failed, so that nothing is known of the folders after a text. It is not repeated.</summary>
    public void FailSearch(string folder, string after) => _searched[folder] = new(0, after, IsPending: false);

    /// <summary>Records what a search has found.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="found">The folders in it.</param>
    /// <param name="isMore">Whether there are more.</param>
    public void EndSearch(string folder, IReadOnlyList<string> found, bool isMore)
    {
        _searched[folder] = new(found.Count, isMore && found.Count > 0 ? found[^1] : null, IsPending: false);
        _marks = [.. new SortedSet<string>(_marks.Concat(found), KeyOrder.Instance)];
    }

    /// <summary>Records that the caller has taken the page that ends with a key, and forgets the folders before it.</summary>
    public void ForgetBefore(string key)
    {
        _pagesTaken++;
        if (Index(key) is var at && (at < 0 ? ~at : at) is > 0 and var passed)
        {
            _marks.RemoveRange(0, passed);
            _passed += passed;
        }
        foreach (var folder in _searched.Keys.Where(f => f.Length > prefix.Length && KeyOrder.Instance.Compare(f, key) < 0 && !IsIn(key, f)).ToList())
            _searched.Remove(folder);
    }

    // The prefix and the folders below it that hold the text and the page, outermost first.
    private IEnumerable<string> Around(string from, PageExtent page)
    {
        yield return prefix;
        for (var at = from.IndexOf('/', prefix.Length); at >= 0; at = from.IndexOf('/', at + 1))
        {
            var folder = from[..(at + 1)];
            if (!IsIn(page.First, folder) || !IsIn(page.Last, folder))
                yield break;
            yield return folder;
        }
    }

    private static bool IsIn(string key, string folder) => key.StartsWith(folder, StringComparison.Ordinal);

    private int Index(string key) => _marks.BinarySearch(key, KeyOrder.Instance);

    // How many folders were found, and the last of them if there are more.
    private readonly record struct SearchState(int Found, string? Until, bool IsPending);
}

/// <summary>What is known of the folders of a part of a listing.</summary>
internal enum FolderKnowledge
{
    /// <summary>All folders are known.</summary>
    Whole,

    /// <summary>There are more, but too many for a search to help.</summary>
    Partial,

    /// <summary>A search has not ended.</summary>
    Pending,

    /// <summary>A search would help.</summary>
    Searchable,
}

/// <summary>What is known, and where to search for more.</summary>
/// <param name="Knowledge">What is known.</param>
/// <param name="Folder">The folder to search.</param>
/// <param name="After">The text after which the search begins.</param>
internal readonly record struct FolderSearch(FolderKnowledge Knowledge, string Folder = "", string After = "");
