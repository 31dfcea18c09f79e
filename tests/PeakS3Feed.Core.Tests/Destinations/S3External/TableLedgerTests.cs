using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Sources;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>
/// The files of a ledger that list objects: few at any time, each object written again only a few times, and read in the order of S3.
/// </summary>
public sealed class TableLedgerTests : IDisposable
{
    private const int MaxSegments = 12;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(400, 1)]
    [InlineData(60, 37)]
    public async Task Files_are_merged_so_that_few_are_read_and_objects_seldom_written_again(int loads, int objects)
    {
        var ledger = Open();
        var random = new Random(5);
        var newest = new SortedDictionary<(string Bucket, string Key), string>(Comparer<(string Bucket, string Key)>.Create(Compare));
        IReadOnlyList<LedgerSegment> segments = [];
        long rewritten = 0;
        for (var load = 1; load <= loads; load++)
        {
            var some = Enumerable.Range(0, objects).Select(_ => Key(random.Next(loads * objects))).Distinct().Select(
                key => new SourceObject(load % 4 == 0 ? "zoo" : "bucket", key, $"v{load}", load, DateTimeOffset.UnixEpoch)).ToList();
            foreach (var item in some)
                newest[(item.Bucket, item.Key)] = item.ETag;
            IReadOnlyList<LedgerSegment> before = [.. segments, .. await ledger.WriteObjectsAsync(load, load, some.ToAsyncEnumerable(), default)];
            segments = await ledger.CompactAsync(load, before, default);
            rewritten += segments.Except(before).Sum(s => s.Objects);
            Assert.InRange(segments.Count, 1, MaxSegments);
        }

        foreach (var bucket in (string[])["bucket", "zoo", "none"])
        {
            var read = await ledger.ReadEntriesAsync(segments, bucket, default).Select(e => $"{e.Key} {e.ETag}").ToListAsync();
            Assert.Equal(newest.Where(n => n.Key.Bucket == bucket).Select(n => $"{n.Key.Key} {n.Value}"), read);
        }
        var all = (long)loads * objects;
        Assert.True(rewritten < all * Math.Log2(loads), $"{rewritten} objects were written again, of {all}");
    }

    [Fact]
    public async Task A_number_is_used_once_and_an_attempt_finds_its_own_object()
    {
        var ledger = Open();
        var feed = Guid.NewGuid();
        var header = new LedgerHeader
        {
            Number = 1, Predecessor = 0, Attempt = Guid.NewGuid(), Sequence = 1, Mode = LoadMode.Append,
            Holder = new RunHolder(Guid.NewGuid(), "host", 1, DateTimeOffset.UnixEpoch),
        };

        Assert.Equal(1, (await ledger.AddAsync(feed, header, default)).Number);
        Assert.Equal(1, (await Open().AddAsync(feed, header, default)).Number); // sent again
        Assert.Equal(2, (await Open().AddAsync(feed, header with { Attempt = Guid.NewGuid() }, default)).Number);
        Assert.Equal(3, (await ledger.AddAsync(feed, header with { Attempt = Guid.NewGuid() }, default)).Number);
        Assert.Equal(header.Attempt, (await Open().ReadAsync(feed, 1, default))!.Attempt);
    }

    private TableLedger Open() => new(new FolderStagingArea(_folder.Path), new LoadTarget(Guid.NewGuid(), "orders", "orders"));

    // Characters beyond U+FFFF come after those from U+E000, unlike in UTF-16.
    private static string Key(int number) => (number % 4) switch
    {
        0 => $"in/\U0001F600{number}.csv",
        1 => $"in/\uFFFD{number}.csv",
        2 => $"in/ü{number}.csv",
        _ => $"in/{number}.csv",
    };

    private static int Compare((string Bucket, string Key) a, (string Bucket, string Key) b)
    {
        var order = string.CompareOrdinal(a.Bucket, b.Bucket);
        return order != 0
            ? order
            : System.Text.Encoding.UTF8.GetBytes(a.Key).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b.Key));
    }
}
