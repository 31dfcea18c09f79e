using System.Text;

namespace PeakS3Feed.TestServers.S3;

/// <summary>The objects of one bucket in S3's order: some that were put, or a range that is generated as it is listed.</summary>
internal sealed class FakeBucket
{
    private readonly Lock _lock = new();
    private readonly SortedList<string, FakeObject> _put = new(new Utf8Order());
    private readonly int _generated;
    private readonly Func<int, FakeObject>? _generate;

    public FakeBucket()
    {
    }

    /// <summary>Keys must ascend with the index.</summary>
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
        lock (_lock)
        {
            if (_generate is null)
                return _put.GetValueOrDefault(key);
            var at = FirstNotBefore(key);
            return at < _generated && _generate(at) is { } found && found.Key == key ? found : null;
        }
    }

    /// <summary>Up to so many objects whose keys begin with the prefix and come after the given one, and one more to tell whether there are.</summary>
    public List<FakeObject> List(string prefix, string? after, int most)
    {
        lock (_lock)
        {
            var order = new Utf8Order();
            var start = after is not null && order.Compare(after, prefix) >= 0 ? FirstNotBefore(after) : FirstNotBefore(prefix);
            var found = new List<FakeObject>();
            for (var i = start; i < Count && found.Count <= most; i++)
            {
                var item = At(i);
                if (item.Key == after)
                    continue;
                if (!item.Key.StartsWith(prefix, StringComparison.Ordinal))
                    break;
                found.Add(item);
            }
            return found;
        }
    }

    private int Count => _generate is null ? _put.Count : _generated;

    private FakeObject At(int index) => _generate is null ? _put.GetValueAtIndex(index) : _generate(index);

    private int FirstNotBefore(string key)
    {
        var order = new Utf8Order();
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (order.Compare(At(middle).Key, key) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Slow and plainly right, to hold the core's own order against.</summary>
    private sealed class Utf8Order : IComparer<string>
    {
        public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
    }
}
