using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Direct;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>A load whose objects the warehouse loads itself: what this program reads of them, before and after.</summary>
/// <param name="plan">The run's plan.</param>
/// <param name="load">The load's number in it.</param>
/// <param name="schema">The columns.</param>
/// <param name="source">Where objects are listed and read.</param>
/// <param name="meter">Shows the progress.</param>
/// <param name="complete">Counts the objects of the load as written, with so many rows, and returns the totals.</param>
internal sealed class DirectWork(
    FeedPlan plan, int load, FeedSchema schema, IObjectSource source, RunMeter meter, Func<long, LoadTotals> complete) : IDirectWork
{
    // A header needs each name, its quotes and a separator. So much is read even if the names are short.
    private const int MinBytes = 4096;

    private readonly S3Feed _feed = plan.Feed;

    /// <summary>Why the objects are staged after all; or null.</summary>
    public LoadPathReason? Refusal { get; private set; }

    public bool MayStage => plan.MayStage;

    private IEnumerable<SourceObject> Objects => plan.File.OfLoad(load);

    private int Bytes => Math.Max(MinBytes, schema.Columns.Sum(c => (2 * System.Text.Encoding.UTF8.GetByteCount(c.Field)) + 4));

    public async Task<DirectFiles> ProveAsync(CancellationToken cancellationToken)
    {
        meter.Enter(RunPhase.Loading);
        var first = Objects.First();
        var start = await ReadAsync(first, cancellationToken);
        var separator = CsvSeparator.For(_feed.Csv, first.Key)![0];
        var columns = FindColumns(first, start, separator);
        var others = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = source.Ahead?.MaxConnections ?? 1,
        };
        await Parallel.ForEachAsync(Objects.Skip(1), others, async (item, c) =>
        {
            var other = await ReadAsync(item, c);
            if (other.IsGzip != start.IsGzip)
                throw Differs(item, $"it is {Compression(other)}, and {first.Uri} is {Compression(start)}");
            if (!other.Header.AsSpan().SequenceEqual(start.Header))
                throw Differs(item, $"its header is not that of {first.Uri}");
            if (CsvSeparator.For(_feed.Csv, item.Key) is not [var one] || one != separator)
                throw Differs(item, $"the separator by its name is not that of {first.Uri}");
        });
        meter.Enter(RunPhase.Committing);
        return new DirectFiles { Form = plan.CreateForm!(separator), Columns = columns, IsGzip = start.IsGzip, Objects = Objects };
    }

    // Both come in the order of the keys. What follows the last object of the load need not be listed.
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        await using var listing = source.ListAsync(plan.Prefix, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var any = await listing.MoveNextAsync();
        foreach (var item in plan.File.OfLoadByKey(load))
        {
            while (any && KeyOrder.Instance.Compare(listing.Current.Key, item.Key) < 0)
                any = await listing.MoveNextAsync();
            if (!any || listing.Current.Key != item.Key)
                throw new DirectRefusedException($"{item.Uri} was deleted while the warehouse loaded it", SourceErrors.Vanished(item));
            var now = listing.Current;
            if ((now.ETag, now.Size, now.LastModified) != (item.ETag, item.Size, item.LastModified))
                throw new DirectRefusedException($"{item.Uri} was replaced while the warehouse loaded it", SourceErrors.Changed(item));
        }
    }

    public LoadTotals Complete(long rows) => complete(rows);

    public void Stage(LoadPathReason reason) => Refusal = reason;

    private async Task<ObjectStart> ReadAsync(SourceObject item, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await source.ReadStartAsync(item, Bytes, cancellationToken);
            var start = ObjectStart.Read(bytes, isWhole: bytes.Length == item.Size);
            return start.Problem is { } problem ? throw Differs(item, problem) : start;
        }
        catch (FeedException e) when (BadFile.ConcernsOneFile(e))
        {
            throw new DirectRefusedException(e.Message.TrimEnd('.'), e);
        }
    }

    private int[] FindColumns(SourceObject item, ObjectStart start, char separator)
    {
        var names = start.ReadNames(separator);
        int[] places = [.. names.Select(n => schema.Columns.ToList().FindIndex(c => string.Equals(c.Field, n, StringComparison.Ordinal)))];
        if (Array.IndexOf(places, -1) is var unknown and >= 0)
            throw Differs(item, $"no column of the feed has the field \"{names[unknown]}\" of its header");
        if (places.Distinct().Count() < places.Length)
            throw Differs(item, "its header has a name twice");
        return schema.Columns.Index().FirstOrDefault(c => !places.Contains(c.Index)).Item is { } missing
            ? throw Differs(item, $"it lacks the field \"{missing.Field}\"")
            : places;
    }

    private static string Compression(ObjectStart start) => start.IsGzip ? "compressed with gzip" : "not compressed";

    private static DirectRefusedException Differs(SourceObject item, string reason)
        => new($"{item.Uri} differs: {reason}", DirectErrors.ObjectDiffers(item, reason));
}
