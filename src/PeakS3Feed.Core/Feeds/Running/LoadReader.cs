using System.Runtime.CompilerServices;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// The reading half of a load: objects become batches of typed rows. Lanes read several objects at a time; here they come one after the other
/// in loading order, with the columns that the objects before them have left, as if each had been read when the one before it was whole.
/// </summary>
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
    private readonly int _lanes;
    private readonly BatchPool _pool = new();
    private readonly ReadAheadLimit _limit;
    private readonly FileColumns _fileColumns;

    /// <param name="plan">The run's plan.</param>
    /// <param name="load">The load's number in it.</param>
    /// <param name="single">Whether the load is the run's only one, so that an object planned again stays in it.</param>
    /// <param name="source">Where objects are read.</param>
    /// <param name="schema">The columns as they are before the load.</param>
    /// <param name="options">How rows are typed.</param>
    /// <param name="meter">Counts bytes.</param>
    /// <param name="lanes">How many objects are read at a time.</param>
    public LoadReader(
        FeedPlan plan, int load, bool single, IObjectSource source, FeedSchema schema, RowAssemblerOptions options, RunMeter meter, int lanes)
    {
        _plan = plan.File;
        _load = load;
        _single = single;
        _source = source;
        _matcher = plan.Matcher;
        _feed = plan.Feed;
        _options = options;
        _meter = meter;
        _lanes = lanes;
        _limit = new ReadAheadLimit(lanes);
        _fileColumns = new FileColumns(plan.Schema, schema, plan.HasLoaded);
        Schema = schema;
    }

    /// <summary>The columns, grown by the fields of the objects that were read whole.</summary>
    public FeedSchema Schema { get; private set; }

    /// <summary>The columns with what is known of which fields every file had.</summary>
    public FeedSchema DescribedSchema => _fileColumns.Describe(Schema);

    /// <summary>Reads all objects of the load, in loading order. Nothing is left running when the enumerator is disposed.</summary>
    public async IAsyncEnumerable<LoadItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // An object that changed is planned again, possibly after the last one was handed out: hence until nothing is left.
        bool any;
        do
        {
            any = false;
            await using var lanes = new ObjectLanes(
                _lanes, _plan, _load, _source, new ObjectReader(_feed, _options, _pool, _limit), _limit, _meter, _pool, Schema, cancellationToken);
            await foreach (var reading in lanes.InOrderAsync(cancellationToken))
            {
                any = true;
                await foreach (var item in ReadObjectAsync(lanes, reading, cancellationToken))
                    yield return item;
            }
        }
        while (any);
    }

    /// <summary>Takes back a batch that is loaded.</summary>
    public void Return(RowBatch batch) => _pool.Return(batch);

    private async IAsyncEnumerable<LoadItem> ReadObjectAsync(
        ObjectLanes lanes, ObjectReading reading, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = Schema;
        var isFirst = true;
        lanes.BeginTurn(reading);
        if (!await IsReadRightAsync(reading, cancellationToken))
            reading = lanes.ReadAgain(reading, before);
        while (await reading.WaitAsync(cancellationToken) && reading.TryTake(out var batch))
        {
            lanes.Taken(reading, batch.Rows.CapacityInBytes);
            if (reading.Schema.Columns.Count < before.Columns.Count)
                batch = SchemaGrowth.Widen(batch, before);
            Schema = batch.Rows.Schema;
            if (batch.FileHas is { } has)
                batch = batch with { Warnings = [.. batch.Warnings, .. _fileColumns.EndFile(Schema, has, reading.Object.Source.Uri)] };
            yield return new LoadItem.Rows(reading.Id, reading.Object, isFirst, batch);
            isFirst = false;
            if (batch.EndOfFile)
                yield break;
        }

        Schema = before;
        lanes.Expect(before);
        var failure = reading.Failure ?? throw new InvalidOperationException("The object's rows have no end.");
        yield return await PlanAgainAsync(reading, failure, cancellationToken) is { } lasting
            ? new LoadItem.Failed(reading.Id, reading.Object, isFirst, lasting)
            : new LoadItem.Replanned(reading.Id, reading.Object, isFirst);
    }

    // Objects before this one may have added columns since its lane began. If none of that concerns it, its rows only lack their values.
    private async ValueTask<bool> IsReadRightAsync(ObjectReading reading, CancellationToken cancellationToken)
        => ReferenceEquals(reading.Schema, Schema) || reading.Schema.Equals(Schema)
            || (await reading.WaitAsync(cancellationToken) && SchemaGrowth.IsWithout(reading, Schema, _options.KeyColumns));

    /// <summary>Plans an object that has changed again, once, or takes it out of the plan. Returns the failure that remains, or null.</summary>
    private async Task<FeedException?> PlanAgainAsync(ObjectReading reading, FeedException failure, CancellationToken cancellationToken)
    {
        var item = reading.Object;
        if (failure.Id == BadFile.Archived)
            return PassOver(reading.Id, SkipReason.Archived) ? null : failure;
        if (failure.Id != BadFile.Changed)
            return failure;
        if (item.Restarts > 0)
            return FeedRunErrors.ChangedTwice(item.Source);
        if (await _source.FindAsync(item.Source.Key, cancellationToken) is not { } now)
            return FeedRunErrors.Vanished(item.Source);
        return PlanAgain(reading.Id, item, now);
    }

    // What it is now decides, as if it had been listed so.
    private FeedException? PlanAgain(long id, PlannedObject item, SourceObject now)
    {
        if (_matcher.GetSkipReason(now) is { } reason)
            return PassOver(id, reason) ? null : SourceErrors.Archived(now, failure: null);
        if (item.TargetsFor(now) is var targets and not 0)
            _plan.Replan(id, now, targets, _single ? _load : null);
        else
            _plan.LeaveOut(id, reason: null);
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

/// <summary>What the reading half of a load hands to the loading half. The items of an object follow each other; the last one ends it.</summary>
internal abstract record LoadItem
{
    private LoadItem(long id, PlannedObject planned, bool isFirst, bool isLast)
    {
        Id = id;
        Object = planned;
        IsFirst = isFirst;
        IsLast = isLast;
    }

    /// <summary>The object's number in the plan.</summary>
    public long Id { get; }

    /// <summary>The object.</summary>
    public PlannedObject Object { get; }

    /// <summary>Whether this is the object's first item.</summary>
    public bool IsFirst { get; }

    /// <summary>Whether this is the object's last item.</summary>
    public bool IsLast { get; }

    /// <summary>Some rows of the object; the object is whole with the batch that ends its file.</summary>
    public sealed record Rows(long Id, PlannedObject Object, bool IsFirst, AssembledBatch Batch) : LoadItem(Id, Object, IsFirst, Batch.EndOfFile);

    /// <summary>The object cannot be read, and none of its rows count.</summary>
    public sealed record Failed(long Id, PlannedObject Object, bool IsFirst, FeedException Failure) : LoadItem(Id, Object, IsFirst, isLast: true);

    /// <summary>The object changed: it is planned again, or left the plan. None of its rows so far count.</summary>
    public sealed record Replanned(long Id, PlannedObject Object, bool IsFirst) : LoadItem(Id, Object, IsFirst, isLast: true);
}
