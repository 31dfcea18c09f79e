using System.Text;

namespace PeakS3Feed.TestServers.S3;

/// <summary>The objects of one bucket in S3's order: some that were put, or a range that is generated as it is listed.</summary>
internal sealed class FakeBucket
{
    private const char AfterSlash = (char)('/' + 1);

    private readonly Lock _lock = new();
    private readonly SortedList<string, FakeObject> _put = new(new Utf8Order());
    private readonly int _generated;
    private readonly Func<int, FakeObject>? _generate;

    public FakeBucket()
    {
    }

    /// <summary>Keys must ascend with the index. The function is called by several threads at once.</summary>
    public FakeBucket(int count, Func<int, FakeObject> generate)
    {
        _generated = count;
        _generate = generate;
    }

    public void Put(FakeObject item)
    {
        lock (_lock)
            _put[item.Key] = item;
    }

    /// <summary>Puts an object unless one has its key and must stay.</summary>
    public bool TryPut(FakeObject item, bool replace)
    {
        lock (_lock)
        {
            if (!replace && _put.ContainsKey(item.Key))
                return false;
            _put[item.Key] = item;
            return true;
        }
    }

    public void Remove(string key)
    {
        lock (_lock)
            _put.Remove(key);
    }

    public FakeObject? Find(string key)
    {
        if (_generate is not null)
            return FirstNotBefore(key) is var at && at < _generated && _generate(at) is { } found && found.Key == key ? found : null;
        lock (_lock)
            return _put.GetValueOrDefault(key);
    }

    /// <summary>Returns a page. A folder counts as one result, however much is in it, and is listed once.</summary>
    public FakePage List(FakePageQuery query)
    {
        if (_generate is not null)
            return ListAll(query);
        lock (_lock)
            return ListAll(query);
    }

    private FakePage ListAll(FakePageQuery query)
    {
        var prefix = query.Prefix;
        var objects = new List<FakeObject>(Math.Min(query.Most, Count));
        var folders = new List<string>();
        string? next = null;
        for (var at = Start(query); at < Count;)
        {
            var item = At(at);
            if (!item.Key.StartsWith(prefix, StringComparison.Ordinal))
                break;
            if (objects.Count + folders.Count >= query.Most)
            {
                next = folders.Count > 0 && (objects.Count == 0 || Utf8Order.CompareKeys(folders[^1], objects[^1].Key) > 0)
                    ? Token('f', folders[^1])
                    : Token('k', objects[^1].Key);
                break;
            }
            if (query.ByFolder && item.Key.IndexOf('/', prefix.Length) is >= 0 and var slash)
            {
                folders.Add(item.Key[..(slash + 1)]);
                at = FirstNotBefore(Behind(folders[^1]));
            }
            else
            {
                objects.Add(item);
                at++;
            }
        }
        return new(objects, folders, next);
    }

    // The index of the first key that the page may have.
    private int Start(FakePageQuery query)
    {
        var start = FirstNotBefore(query.Prefix);
        if (query.Token is { } token)
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String(token));
            return Math.Max(start, text[0] == 'f' ? FirstNotBefore(Behind(text[1..])) : FirstAfter(text[1..]));
        }
        return query.After is { } after ? Math.Max(start, FirstAfter(after)) : start;
    }

    private int FirstAfter(string key) => FirstNotBefore(key) is var at && at < Count && At(at).Key == key ? at + 1 : at;

    private static string Token(char kind, string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(kind + text));

    private static string Behind(string folder) => folder[..^1] + AfterSlash;

    private int Count => _generate is null ? _put.Count : _generated;

    private FakeObject At(int index) => _generate is null ? _put.GetValueAtIndex(index) : _generate(index);

    private int FirstNotBefore(string key)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (Utf8Order.CompareKeys(At(middle).Key, key) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Slow and plainly right, to hold the core's own order against.</summary>
    private sealed class Utf8Order : IComparer<string>
    {
        private const int MostBytes = 3 * 1024; // of a key of 1,024 characters, which is more than S3 allows

        public int Compare(string? x, string? y) => CompareKeys(x ?? "", y ?? "");

        public static int CompareKeys(string x, string y)
        {
            if (x.Length > 1024 || y.Length > 1024)
                return Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
            Span<byte> a = stackalloc byte[MostBytes];
            Span<byte> b = stackalloc byte[MostBytes];
            return a[..Encoding.UTF8.GetBytes(x, a)].SequenceCompareTo(b[..Encoding.UTF8.GetBytes(y, b)]);
        }
    }
}
