using System.Threading.Channels;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>The reading half of a load: objects in loading order become batches of typed rows.</summary>
internal sealed class LoadReader
{
    private readonly PlanFile _plan;
    private readonly int _load;
    private readonly bool _single;
    private readonly IObjectSource _source;
    private readonly ObjectMatcher _matcher;
    private readonly S3Feed _feed;
    private readonly RowAssemblerOptions _options;
    private readonly RunMeter _meter;
    private readonly BatchPool _pool;
    private readonly Func<long> _rejectBudget;
    private readonly FileColumns _fileColumns;

    /// <param name="plan">The plan.</param>
    /// <param name="load">The load's number in it.</param>
    /// <param name="single">Whether the load is the run's only one, so that an object planned again stays in it.</param>
    /// <param name="source">Where objects are read.</param>
    /// <param name="matcher">What is part of the feed.</param>
    /// <param name="feed">How they are read.</param>
    /// <param name="schema">The columns as they are before the load.</param>
    /// <param name="options">How rows are typed.</param>
    /// <param name="meter">Counts bytes.</param>
    /// <param name="pool">Batches to fill.</param>
    /// <param name="rejectBudget">How many more rejects are worth collecting.</param>
    /// <param name="fileColumns">Follows which files have which fields.</param>
    public LoadReader(
        PlanFile plan, int load, bool single, IObjectSource source, ObjectMatcher matcher, S3Feed feed, FeedSchema schema, RowAssemblerOptions options,
        RunMeter meter, BatchPool pool, Func<long> rejectBudget, FileColumns fileColumns)
    {
        _plan = plan;
        _load = load;
        _single = single;
        _source = source;
        _matcher = matcher;
        _feed = feed;
        _options = options;
        _meter = meter;
        _pool = pool;
        _rejectBudget = rejectBudget;
        _fileColumns = fileColumns;
        Schema = schema;
    }

    /// <summary>The columns, grown by the fields of the objects that were read whole.</summary>
    public FeedSchema Schema { get; private set; }

    /// <summary>Reads all objects of the load, and completes the channel with the error that stops it, if one does.</summary>
    public async Task ReadAsync(ChannelWriter<LoadItem> items, CancellationToken cancellationToken)
    {
        try
        {
            // An object that changed is planned again, possibly after the last one was handed out: hence until nothing is left.
            bool any;
            do
            {
                any = false;
                await foreach (var (id, item, open) in new ObjectPrefetcher(_plan, _load, _source).OpenAsync(cancellationToken))
                {
                    any = true;
                    await ReadObjectAsync(id, item, open, items, cancellationToken);
                }
            }
            while (any);
            items.Complete();
        }
        catch (Exception e)
        {
            items.Complete(e);
        }
    }

    private async Task ReadObjectAsync(
        long id, PlannedObject item, Func<Task<Stream>> open, ChannelWriter<LoadItem> items, CancellationToken cancellationToken)
    {
        var before = Schema;
        var first = true;
        try
        {
            await using var stored = new MeteredStream(await open(), _meter);
            await using var content = Ahead(await ContentStream.OpenAsync(stored, item.Source.Uri, cancellationToken), item.Source);
            await using var reader = await RecordReaders.OpenAsync(_feed.FileType, _feed.Csv, content, item.Source.Uri, cancellationToken);
            var assembler = new RowAssembler(Schema, _options);
            AssembledBatch batch;
            do
            {
                batch = await assembler.ReadAsync(reader, item.Source, _pool.Rent(assembler.Schema), _rejectBudget(), cancellationToken);
                Schema = assembler.Schema;
                if (batch.FileHas is { } has)
                    batch = batch with { Warnings = [.. batch.Warnings, .. _fileColumns.EndFile(Schema, has, item.Source.Uri)] };
                await items.WriteAsync(new LoadItem.Rows(id, item, first, batch), cancellationToken);
                first = false;
            }
            while (!batch.EndOfFile);
        }
        catch (FeedException failure) when (BadFile.IsOne(failure))
        {
            Schema = before;
            LoadItem end = await PlanAgainAsync(id, item, failure, cancellationToken) is { } lasting
                ? new LoadItem.Failed(id, item, first, lasting)
                : new LoadItem.Replanned(id, item, first);
            await items.WriteAsync(end, cancellationToken);
        }
    }

    // A small object is in memory already, and its turn is over before another thread would be of use.
    private static Stream Ahead(Stream content, SourceObject source) => source.Size > ObjectPrefetcher.SmallBytes ? new ReadAheadStream(content) : content;

    /// <summary>Plans an object that changed again, once, or takes it out of the plan; gives the failure that remains, or null.</summary>
    private async Task<FeedException?> PlanAgainAsync(long id, PlannedObject item, FeedException failure, CancellationToken cancellationToken)
    {
        if (failure.Id == BadFile.Archived)
            return PassOver(id, SkipReason.Archived) ? null : failure;
        if (failure.Id != BadFile.Changed)
            return failure;
        if (item.Restarts > 0)
            return FeedRunErrors.ChangedTwice(item.Source);
        if (await _source.FindAsync(item.Source.Key, cancellationToken) is not { } now)
            return FeedRunErrors.Vanished(item.Source);
        return Look(id, item, now);
    }

    // What it is now decides, as if it had been listed so.
    private FeedException? Look(long id, PlannedObject item, SourceObject now)
    {
        if (_matcher.WhySkipped(now) is { } reason)
            return PassOver(id, reason) ? null : SourceErrors.Archived(now, failure: null);
        if (item.Loaded is { } loaded && loaded.ETag == now.ETag && loaded.Size == now.Size)
            _plan.LeaveOut(id, reason: null);
        else
            _plan.Replan(id, now, _single ? _load : null);
        return null;
    }

    // Archived objects are passed over whatever OnBadFile says; only a TruncateInsert cannot do without them.
    private bool PassOver(long id, SkipReason reason)
    {
        if (reason == SkipReason.Archived && _feed.LoadType == LoadType.TruncateInsert)
            return false;
        _plan.LeaveOut(id, reason.ToString());
        return true;
    }
}
