using System.Globalization;
using System.Text;
using PeakS3Feed.Aws;
using PeakS3Feed.Sources;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Tests.Sources;

/// <summary>Generated keys of several kinds, below <c>in/</c> and around it, in the order of their bytes; and their pages without a server.</summary>
internal sealed class ListedKeys(IReadOnlyList<string> keys, int pageSize, TimeSpan delay)
{
    public static readonly string[] Spaces = ["odd", "flat", "hashed", "numbered", "dates", "folders", "tiny-folders", "one-large", "deep", "prefixes"];

    private static readonly string[] Letters = ["a", "b", "Z", "0", "9", "-", "+", " ", "%", "é", "日", "\uE000", "\uFFFD", "😀", "\u0007", "&", "<"];

    private readonly Lock _lock = new();
    private int _now;

    public int Requests { get; private set; }

    public int AtOnce { get; private set; }

    public async Task<ListingPage> ListAsync(ListingQuery query, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Requests++;
            AtOnce = Math.Max(AtOnce, ++_now);
        }
        await Task.Delay(delay, cancellationToken);
        lock (_lock)
            _now--;
        return Page(query);
    }

    private ListingPage Page(ListingQuery query)
    {
        using var packer = new ObjectPacker(new PageBuffers());
        var folders = new List<string>();
        var at = First(query.Prefix);
        foreach (var after in new[] { query.After, query.Token })
        {
            if (after is not null && First(after) is var next)
                at = Math.Max(at, next < keys.Count && keys[next] == after ? next + 1 : next);
        }
        for (; at < keys.Count && keys[at].StartsWith(query.Prefix, StringComparison.Ordinal); at++)
        {
            if (packer.Count + folders.Count == pageSize)
                return new() { Packed = packer.Pack(), Folders = folders, Next = keys[at - 1] };
            var slash = query.ByFolder ? keys[at].IndexOf('/', query.Prefix.Length) : -1;
            if (slash >= 0)
            {
                folders.Add(keys[at][..(slash + 1)]);
                at = First(folders[^1] + char.MaxValue) - 1;
                continue;
            }
            packer.Begin();
            packer.SetKey(Encoding.UTF8.GetBytes(keys[at]), isEncoded: false);
            packer.SetETag(Encoding.UTF8.GetBytes(KeySpaces.ETag(at)));
            packer.End(1, DateTimeOffset.UnixEpoch, isInArchiveClass: false, restoredUntil: null);
        }
        return new() { Packed = packer.Pack(), Folders = folders };
    }

    private int First(string key)
    {
        var (low, high) = (0, keys.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (KeyOrder.Instance.Compare(keys[middle], key) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    public static List<string> Create(string space, Random random, int count = 700)
    {
        IEnumerable<string> keys = space switch
        {
            "odd" => Enumerable.Range(0, count).Select(_ => "in/" + string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => string.Concat(random.GetItems(Letters, random.Next(1, 4))))))
                .SelectMany(k => random.Next(4) switch { 0 => (string[])[k, k + "/"], 1 => [k, k + "/" + k], _ => [k] }).Append("in/"),
            "flat" => Enumerable.Range(0, count).Select(KeySpaces.Flat()),
            "hashed" => Enumerable.Range(0, count).Select(_ => $"in/{random.NextInt64():x16}.csv"),
            "numbered" => Enumerable.Range(0, count).Select(i => Text($"in/{i:D7}.csv")),
            "dates" => Enumerable.Range(0, count).Select(i => Text($"in/{2020 + (i / 1500)}/{1 + (i / 120 % 12):D2}/{1 + (i / 5 % 28):D2}/{i}.json")),
            "folders" => Enumerable.Range(0, count).Select(KeySpaces.Folders(count, count / 50)),
            "tiny-folders" => Enumerable.Range(0, count).Select(i => Text($"in/{random.Next():x8}/data.csv")),
            "one-large" => Enumerable.Range(0, count).Select(i => i % 10 == 0 ? Text($"in/{(char)('a' + (i / 10 % 26))}/{i}.csv") : Text($"in/k/part-{i:D6}.csv")),
            "deep" => Enumerable.Range(0, count).Select(i => Text($"in/a/b/c/d/e/{i % 3}/{i % 7}/{i}.csv")),
            _ => Enumerable.Range(0, count).Select(i => "in/" + new string('a', i % 300) + (i / 300)),
        };
        return [.. keys.Append("in").Append("in0").Append("im/z").Append("zz").Distinct().Order(KeyOrder.Instance)];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
