using System.Runtime.CompilerServices;
using System.Text.Json;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>The ledger of one feed in one table: an object for each load, and the files that list the loaded objects.</summary>
/// <param name="table">The table's folder.</param>
/// <param name="target">The feed and table.</param>
internal sealed class TableLedger(IStagingArea table, LoadTarget target)
{
    // Segments are merged once there are more. Each merge makes a segment at least twice as large as those in it, so an object is rewritten a
    // logarithmic number of times.
    private const int MaxSegments = 12;

    // The objects of a load that are sorted in memory at a time.
    private const int SortedObjects = 100_000;

    private readonly LedgerSegmentFile _files = new(table);
    private readonly Dictionary<(Guid Feed, long Number), LedgerHeader> _known = [];

    /// <summary>Reads the ledger object with a number that the log counts; null for number 0.</summary>
    public Task<LedgerHeader?> ReadAsync(long number, CancellationToken cancellationToken) => ReadAsync(target.FeedId, number, cancellationToken);

    /// <summary>Reads the ledger object of any feed with a number that the log counts; null for number 0.</summary>
    public async Task<LedgerHeader?> ReadAsync(Guid feed, long number, CancellationToken cancellationToken)
    {
        if (number == 0)
            return null;
        if (_known.TryGetValue((feed, number), out var known))
            return known;
        var header = await FindAsync(feed, number, cancellationToken)
            ?? throw ExternalTableErrors.LedgerMissing(target, table.GetUri(TableLayout.LedgerEntry(feed, number)));
        return _known[(feed, number)] = header;
    }

    /// <summary>Streams the newest version of each key of a bucket in the byte order of the keys.</summary>
    /// <param name="segments">The files that count, oldest first.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<LedgerEntry> ReadEntriesAsync(
        IReadOnlyList<LedgerSegment> segments, string bucket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in _files.MergeAsync(segments, cancellationToken))
        {
            if (string.Equals(item.Bucket, bucket, StringComparison.Ordinal))
                yield return new LedgerEntry(item.Key, item.ETag, item.Size);
        }
    }

    /// <summary>Finds a load that counts by a condition, from the newest to the oldest.</summary>
    /// <param name="newest">The ledger object that counts; null for none.</param>
    /// <param name="matches">The condition.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<LoadRecord> FindLoadsAsync(
        LedgerHeader? newest, Func<LoadRecord, bool> matches, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = long.MaxValue;
        // Vacuum may have deleted earlier objects: the loads in them are history.
        for (var header = newest; header is not null;)
        {
            foreach (var load in header.Loads.Reverse())
            {
                if (load.Sequence >= before)
                    continue;
                before = load.Sequence;
                if (matches(load))
                    yield return load;
            }
            header = header.Earlier == 0 ? null : await FindAsync(target.FeedId, header.Earlier, cancellationToken);
        }
    }

    /// <summary>Writes the files that list a load's objects.</summary>
    /// <param name="number">The number of the ledger object that will name them.</param>
    /// <param name="sequence">The load's number.</param>
    /// <param name="objects">The objects, in any order; no key twice.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyList<LedgerSegment>> WriteObjectsAsync(
        long number, long sequence, IAsyncEnumerable<Sources.SourceObject> objects, CancellationToken cancellationToken)
    {
        var segments = new List<LedgerSegment>();
        var some = new List<LedgerObject>();
        await foreach (var item in objects.WithCancellation(cancellationToken))
        {
            some.Add(new LedgerObject(item.Bucket, item.Key, item.ETag, item.Size, sequence));
            if (some.Count == SortedObjects)
                await WriteAsync();
        }
        if (some.Count > 0)
            await WriteAsync();
        return segments;

        async Task WriteAsync()
        {
            some.Sort(LedgerObject.CompareKeys);
            segments.Add(await _files.WriteAsync(
                TableLayout.LedgerSegment(target.FeedId, number), some.ToAsyncEnumerable(), cancellationToken));
            some.Clear();
        }
    }

    /// <summary>Merges the newest files, if there are many, so that the planning of a run opens few.</summary>
    public async Task<IReadOnlyList<LedgerSegment>> CompactAsync(
        long number, IReadOnlyList<LedgerSegment> segments, CancellationToken cancellationToken)
    {
        var all = segments.ToList();
        while (all.Count > MaxSegments)
        {
            var from = all.Count - 2;
            var objects = all[^1].Objects + all[^2].Objects;
            while (from > 0 && all.Count - from < MaxSegments && (all[from - 1].Objects < 2 * objects || all.Count - from < MaxSegments / 2))
                objects += all[--from].Objects;
            var merged = await MergeAsync(number, all[from..], cancellationToken);
            all.RemoveRange(from, all.Count - from);
            all.Add(merged);
        }
        return all;
    }

    /// <summary>Merges files into one.</summary>
    public Task<LedgerSegment> MergeAsync(long number, IReadOnlyList<LedgerSegment> segments, CancellationToken cancellationToken)
        => _files.WriteAsync(TableLayout.LedgerSegment(target.FeedId, number), _files.MergeAsync(segments, cancellationToken), cancellationToken);

    /// <summary>
    /// Writes a ledger object under the first number after <see cref="LedgerHeader.Number"/> that no attempt has used, or under that one. Returns
    /// it with that number. It does not count yet.
    /// </summary>
    public async Task<LedgerHeader> AddAsync(Guid feed, LedgerHeader header, CancellationToken cancellationToken)
    {
        for (; ; header = header with { Number = header.Number + 1 })
        {
            var name = TableLayout.LedgerEntry(feed, header.Number);
            if (await table.TryCreateAsync(name, JsonSerializer.SerializeToUtf8Bytes(header, LedgerJson.Default.LedgerHeader), cancellationToken))
                break;
            // A request whose answer was lost is sent again, and then finds its own object.
            if (await FindAsync(feed, header.Number, cancellationToken) is { } there && there.Attempt == header.Attempt)
                break;
        }
        _known[(feed, header.Number)] = header;
        return header;
    }

    private async Task<LedgerHeader?> FindAsync(Guid feed, long number, CancellationToken cancellationToken)
    {
        var name = TableLayout.LedgerEntry(feed, number);
        if (await table.FindAsync(name, cancellationToken) is not { } bytes)
            return null;
        try
        {
            var header = JsonSerializer.Deserialize(bytes, LedgerJson.Default.LedgerHeader)
                ?? throw new JsonException("It holds null.");
            if (header.Format > LedgerHeader.CurrentFormat)
                throw ExternalTableErrors.LedgerTooNew(target, table.GetUri(name), header.Format);
            if (header.Number != number)
                throw new JsonException($"It has the number {header.Number}.");
            if (header.Schema is { } schema)
                SchemaJson.Read(schema);
            return header;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw ExternalTableErrors.LedgerUnreadable(target, table.GetUri(name), e.Message, e);
        }
    }
}
