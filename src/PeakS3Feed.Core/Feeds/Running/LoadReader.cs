using System.Runtime.CompilerServices;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// The reading half of a load: it turns objects into batches of typed rows. Lanes read several objects at a time. This class returns the objects one
/// after the other in loading order, each with the columns after the objects before it, as if only one object were read at a time.
/// </summary>
internal sealed class LoadReader : IAsyncDisposable
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
    private ObjectLanes? _begun;

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

    /// <summary>The columns, including those that the completely read objects added.</summary>
    public FeedSchema Schema { get; private set; }

    /// <summary>The columns, each with a record of whether every file had its field.</summary>
    public FeedSchema DescribedSchema => _fileColumns.Describe(Schema);

    /// <summary>
    /// Begins to read the first objects, as far as the limits on waiting batches allow. This changes nothing: what becomes of an object is decided
    /// when <see cref="ReadAsync"/> comes to it.
    /// </summary>
    public void Begin(CancellationToken cancellationToken) => _begun = OpenLanes(cancellationToken);

    /// <summary>Reads all objects of the load, in loading order. Nothing is left running when the enumerator is disposed.</summary>
    public async IAsyncEnumerable<LoadItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A changed object is planned again, possibly after the last object was returned. So this repeats until no object is left.
        bool any;
        do
        {
            any = false;
            await using var lanes = _begun ?? OpenLanes(cancellationToken);
            _begun = null;
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

    /// <summary>Stops reading that <see cref="Begin"/> began and nobody continued.</summary>
    public ValueTask DisposeAsync() => _begun?.DisposeAsync() ?? ValueTask.CompletedTask;

    private ObjectLanes OpenLanes(CancellationToken cancellationToken) => new(
        _lanes, _plan, _load, _source, new ObjectReader(_feed, _options, _pool, _limit), _limit, _meter, _pool, Schema, cancellationToken);

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

    // Objects before this one may have added columns after its lane began. If the object has none of their fields, its rows only lack these columns.
    private async ValueTask<bool> IsReadRightAsync(ObjectReading reading, CancellationToken cancellationToken)
        => ReferenceEquals(reading.Schema, Schema) || reading.Schema.Equals(Schema)
            || (await reading.WaitAsync(cancellationToken) && SchemaGrowth.IsWithout(reading, Schema, _options.KeyColumns));

    /// <summary>Plans a changed object again, but only once, or removes it from the plan. Returns the failure that remains, or null.</summary>
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

    // The current version of the object decides, as if the listing had returned it.
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

    // The run skips archived objects, whatever OnBadFile is. Only a TruncateInsert fails, because it needs every object.
    private bool PassOver(long id, SkipReason reason)
    {
        if (reason == SkipReason.Archived && _feed.LoadType == LoadType.TruncateInsert)
            return false;
        _plan.LeaveOut(id, reason.ToString());
        return true;
    }
}

/// <summary>An item that reading passes to loading. The items of one object are consecutive, and the last one ends the object.</summary>
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

    /// <summary>Some rows of the object. The batch that ends the file completes the object.</summary>
    public sealed record Rows(long Id, PlannedObject Object, bool IsFirst, AssembledBatch Batch) : LoadItem(Id, Object, IsFirst, Batch.EndOfFile);

    /// <summary>The object cannot be read, and none of its rows count.</summary>
    public sealed record Failed(long Id, PlannedObject Object, bool IsFirst, FeedException Failure) : LoadItem(Id, Object, IsFirst, isLast: true);

    /// <summary>The object has changed. It is planned again or removed from the plan. None of its rows so far count.</summary>
    public sealed record Replanned(long Id, PlannedObject Object, bool IsFirst) : LoadItem(Id, Object, IsFirst, isLast: true);
}
