using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Sources;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Destinations.Staging;

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
            Holder = Holder,
        };

        Assert.Equal(1, (await ledger.AddAsync(feed, header, default)).Number);
        Assert.Equal(1, (await Open().AddAsync(feed, header, default)).Number); // sent again
        Assert.Equal(2, (await Open().AddAsync(feed, header with { Attempt = Guid.NewGuid() }, default)).Number);
        Assert.Equal(3, (await ledger.AddAsync(feed, header with { Attempt = Guid.NewGuid() }, default)).Number);
        Assert.Equal(header.Attempt, (await Open().ReadAsync(feed, 1, default))!.Attempt);
    }

    // Each run has three loads. A dead attempt has used every tenth number. The oldest objects are gone after a vacuum.
    [Theory]
    [InlineData(10_000, 0, 330)]
    [InlineData(2_000, 1_000, 40)]
    [InlineData(64, 0, 2)]
    [InlineData(1, 0, 1)]
    public async Task The_loads_of_a_long_history_are_found_with_few_requests(int count, int deleted, int maxRequests)
    {
        var feed = Guid.NewGuid();
        var area = new MemoryStagingArea();
        var ledger = new TableLedger(area, new LoadTarget(feed, "orders", "orders"));
        var runs = Enumerable.Range(0, (count + 2) / 3).Select(_ => Guid.NewGuid()).ToList();
        var newest = new LedgerHeader
        {
            Number = 0, Predecessor = 0, Attempt = Guid.NewGuid(), Sequence = 0, Mode = LoadMode.Append, Holder = Holder,
        };
        var names = new List<string>();
        for (var load = 1; load <= count; load++)
        {
            var attempted = newest with { Number = newest.Number + 1, Predecessor = newest.Number, Attempt = Guid.NewGuid() };
            if (load % 10 == 0)
                await ledger.AddAsync(feed, attempted.With(Record("dead", load, Guid.NewGuid())), default);
            newest = await ledger.AddAsync(
                feed, (attempted with { Attempt = Guid.NewGuid() }).With(Record($"load-{load}", load, runs[(load - 1) / 3])), default);
            names.Add(TableLayout.LedgerEntry(feed, newest.Number));
        }
        await area.DeleteAsync(names[..deleted], default);

        area.Reads = 0;
        var fresh = new TableLedger(area, new LoadTarget(feed, "orders", "orders"));
        var read = await fresh.ReadAsync(newest.Number, default);
        var all = await fresh.FindLoadsAsync(read, _ => true, default).ToListAsync();

        Assert.InRange(area.Reads, 1, maxRequests);
        Assert.Equal(all.Select(l => l.Sequence).OrderDescending(), all.Select(l => l.Sequence));
        Assert.Equal(Enumerable.Range(count - all.Count + 1, all.Count).Select(n => $"load-{n}").Reverse(), all.Select(l => l.LoadId));
        Assert.InRange(all.Count, count - deleted, count - deleted + LedgerHeader.MaxLoads);
        Assert.Equal(count, read!.Totals.Loads);
        var run = runs[^1];
        Assert.Equal(
            all.Where(l => l.RunId == run), await fresh.FindLoadsAsync(read, l => l.RunId == run, default).ToListAsync());
    }

    private static RunHolder Holder { get; } = new(Guid.NewGuid(), "host", 1, DateTimeOffset.UnixEpoch);

    private static LoadRecord Record(string id, long sequence, Guid run)
        => new(id, sequence, run, LoadMode.Append, 1, 1, 1, DateTimeOffset.UnixEpoch);

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
