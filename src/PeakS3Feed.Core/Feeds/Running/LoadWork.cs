using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// One load of a run. It reads its objects in lanes. It writes them one after the other in loading order, or stages several at a time for one or two
/// destinations.
/// </summary>
internal sealed partial class LoadWork : ILoadWork, IAsyncDisposable
{
    private readonly FeedPlan _plan;
    private readonly int _load;
    private readonly bool _single;
    private readonly IObjectSource _source;
    private readonly RowAssemblerOptions _options;
    private readonly int _lanes;
    private readonly RunMeter _meter;
    private readonly RunRejects _rejects;
    private readonly RunWarnings _warnings;
    private readonly ILogger _logger;
    private readonly DirectWork? _direct;
    private LoadReader? _begun;
    private FeedSchema _described;
    private bool _undoable;
    private long _ordinal;
    private Action<int>? _setTargets; // null while rows are not staged
    private long _failedBefore;

    // Set once the load must restart. It still reads the remaining objects, but does not write them, so that one restart skips all bad files.
    private string? _restartFor;

    /// <param name="plan">The run's plan.</param>
    /// <param name="load">The load's number in it.</param>
    /// <param name="single">Whether it is the run's only load.</param>
    /// <param name="schema">The columns as earlier loads left them.</param>
    /// <param name="source">Where objects are read.</param>
    /// <param name="options">How rows are typed.</param>
    /// <param name="lanes">How many objects are read at a time.</param>
    /// <param name="meter">Counts.</param>
    /// <param name="rejects">Receives rejects.</param>
    /// <param name="warnings">Receives warnings.</param>
    /// <param name="logger">Logs skipped files.</param>
    public LoadWork(
        FeedPlan plan, int load, bool single, FeedSchema schema, IObjectSource source, RowAssemblerOptions options, int lanes, RunMeter meter,
        RunRejects rejects, RunWarnings warnings, ILogger logger)
    {
        _plan = plan;
        _load = load;
        _single = single;
        _source = source;
        _options = options;
        _lanes = lanes;
        _meter = meter;
        _rejects = rejects;
        _warnings = warnings;
        _logger = logger;
        Written = _described = schema;
        Tally = new LoadTally(plan.Destinations.Count);
        Shares = [.. plan.Destinations.Select((_, i) => new LoadShare(this, plan, i))];
        Spec = plan.Spec with { Schema = schema };
        if (plan.Destinations is [{ LoadPath.Path: LoadPath.Direct }] && plan.File.OfLoad(load).Any())
            _direct = new DirectWork(plan, load, schema, source, meter, CountDirect);
    }

    public int Number => _load;

    public LoadSpec Spec { get; private set; }

    public IReadOnlyList<ILoadShare> Shares { get; }

    /// <summary>What the last attempt counted.</summary>
    public LoadTally Tally { get; private set; }

    /// <summary>Why objects that a warehouse was to load itself are staged after all; or null.</summary>
    public LoadPathReason? Refusal => _direct?.Refusal;

    public IDirectWork? Direct => _direct;

    /// <summary>The columns after the load.</summary>
    public FeedSchema Written { get; private set; }

    /// <summary>Whether an object was planned again.</summary>
    public bool IsReplanned { get; private set; }

    /// <summary>Whether rows are staged, and not written in a transaction.</summary>
    public bool IsStaged => _setTargets is not null;

    private S3Feed Feed => _plan.Feed;

    /// <summary>
    /// Begins to read, so that rows wait for the destination and not the destination for rows. Does nothing if the warehouse loads the objects, or if
    /// the load deletes rows of earlier versions first: it reads the plan for that, and lanes would change it.
    /// </summary>
    public void BeginReading(CancellationToken cancellationToken)
    {
        if (_direct is not null || Spec.DeleteEarlierVersions)
            return;
        _begun = CreateReader();
        _meter.Enter(RunPhase.Loading);
        _begun.Begin(cancellationToken);
    }

    /// <summary>Stops the reading that <see cref="BeginReading"/> began and no attempt took over.</summary>
    public async ValueTask DisposeAsync()
    {
        var begun = _begun;
        _begun = null;
        if (begun is not null)
            await begun.DisposeAsync();
    }

    public void ReportMerging(long files) => _meter.Merge(files);

    public void FindRefusedRows() => Spec = Spec with { FindRefusedRows = true };

    public async Task<LoadTotals> WriteAsync(IRowSink sink, CancellationToken cancellationToken)
    {
        _setTargets = null;
        await using var reader = await TakeReaderAsync();
        await ReadAsync(reader, sink, cancellationToken);
        return Tally.Totals(Tally.AllTargets, _described);
    }

    public async Task<IReadOnlyList<LoadTotals>> StageAsync(IReadOnlyList<IStage?> stages, CancellationToken cancellationToken)
    {
        await using var reader = await TakeReaderAsync();
        await using var lanes = new StageLanes(stages, _lanes, reader.Return, cancellationToken);
        _setTargets = lanes.SetTargets;
        await ReadAsync(reader, lanes, cancellationToken);
        await lanes.CompleteAsync();
        return Totals();
    }

    // The objects have one header, which has all columns.
    private LoadTotals CountDirect(long rows)
    {
        _plan.File.MarkAll(_load);
        Tally = new LoadTally(_plan.Destinations.Count, _failedBefore);
        var columns = new FileColumns(_plan.Schema, Spec.Schema, _plan.HasLoaded);
        _warnings.BeginLoad();
        foreach (var item in _plan.File.OfLoad(_load))
        {
            Tally.BeginObject(Tally.AllTargets);
            Tally.EndObject(item.Size);
            _meter.AddObject();
            _meter.AddBytes(item.Size);
        }
        if (rows > 0)
            columns.EndFile(Spec.Schema, [.. Spec.Schema.Columns.Select(_ => true)], objectUri: "");
        Tally.AddDirect(rows);
        _meter.AddRows(rows, 0);
        (Written, _described) = (Spec.Schema, columns.Describe(Spec.Schema));
        return Tally.Totals(Tally.AllTargets, _described);
    }

    private async Task<LoadReader> TakeReaderAsync()
    {
        var begun = _begun;
        _begun = null;
        if (begun is null)
            return CreateReader();
        if (!Spec.FindRefusedRows)
            return begun;
        await begun.DisposeAsync(); // it keeps no positions
        return CreateReader();
    }

    private LoadReader CreateReader()
    {
        _plan.File.Restart(_load);
        _meter.Restore();
        return new(_plan, _load, _single, _source, Spec.Schema, _options with { KeepPositions = Spec.FindRefusedRows }, _meter, _lanes);
    }

    private async Task ReadAsync(LoadReader reader, IRowSink sink, CancellationToken cancellationToken)
    {
        await _rejects.DiscardAsync(_load, cancellationToken);
        _warnings.BeginLoad();
        _meter.Enter(RunPhase.Loading);
        Tally = new LoadTally(_plan.Destinations.Count, _failedBefore);
        (_ordinal, _restartFor) = (-1, null);

        try
        {
            await foreach (var item in reader.ReadAsync(cancellationToken))
                await LoadAsync(item, sink, reader, cancellationToken);
        }
        finally
        {
            await _rejects.FlushAsync();
        }
        if (_restartFor is { } uri)
            throw new LoadRestartException(uri);
        ThrowIfTooManyRejects();
        _meter.Enter(RunPhase.Committing);
        (Written, _described) = (reader.Schema, reader.DescribedSchema);
    }

    private LoadTotals[] Totals() => [.. Shares.Select((_, i) => Tally.Totals(1 << i, _described))];

    private async Task LoadAsync(LoadItem item, IRowSink sink, LoadReader reader, CancellationToken cancellationToken)
    {
        if (item.IsFirst)
            await BeginObjectAsync(item, sink, cancellationToken);
        switch (item)
        {
            case LoadItem.Rows rows:
                await WriteRowsAsync(rows, sink, cancellationToken);
                if (_setTargets is null || _restartFor is not null)
                    reader.Return(rows.Batch.Rows); // a stage's lane returns it once it is written
                if (rows.IsLast)
                    await EndObjectAsync(rows, sink, cancellationToken);
                break;
            case LoadItem.Failed { Failure: var failure }:
                if (!Spec.UndoObjects)
                    throw failure;
                var deleted = await UndoObjectAsync(item, sink, cancellationToken);
                LeaveOut(item, failure, deleted);
                break;
            case LoadItem.Replanned:
                IsReplanned = true;
                await UndoObjectAsync(item, sink, cancellationToken);
                break;
        }
    }

    private async Task BeginObjectAsync(LoadItem item, IRowSink sink, CancellationToken cancellationToken)
    {
        Tally.BeginObject(item.Object.Targets);
        _meter.CurrentObject = item.Object.Source.Uri;
        // If one batch has the whole object, the object is known to be good before its first row is written.
        _undoable = Spec.UndoObjects && !item.IsLast;
        if (_restartFor is not null)
            return;
        _setTargets?.Invoke(item.Object.Targets);
        await sink.BeginObjectAsync(item.Object.Source, ++_ordinal, _undoable, cancellationToken);
    }

    private async Task WriteRowsAsync(LoadItem.Rows item, IRowSink sink, CancellationToken cancellationToken)
    {
        var batch = item.Batch;
        Tally.Add(batch);
        _warnings.AddToObject(batch.Warnings);
        if (batch.Rejects.Count > 0)
            await RejectAsync(batch.Rejects, item.IsLast, cancellationToken);
        _meter.AddRows(batch.Rows.Count, batch.Rejects.Count);
        if (_restartFor is null && await sink.WriteAsync(batch.Rows, cancellationToken) is { Count: > 0 } refused)
            await RefuseAsync(item, batch.Rows, refused, cancellationToken);
    }

    private async Task EndObjectAsync(LoadItem item, IRowSink sink, CancellationToken cancellationToken)
    {
        if (_restartFor is null)
            await sink.EndObjectAsync(cancellationToken);
        _plan.File.Mark(item.Id, _ordinal);
        _logger.LogDebug("Read {Object}: rows: {Rows}, rejects: {Rejects}.", item.Object.Source.Uri, Tally.ObjectRows, Tally.ObjectRejects);
        Tally.EndObject(item.Object.Source.Size);
        _warnings.EndObject();
        _meter.AddObject();
    }

    // Returns whether the rows of a changed object's earlier version are deleted already. They must stay, because no newer rows replace them.
    private async Task<bool> UndoObjectAsync(LoadItem item, IRowSink sink, CancellationToken cancellationToken)
    {
        var deleted = _setTargets is null && Spec.DeleteEarlierVersions && item.Object.Changed;
        if (deleted || (!_undoable && Tally.ObjectRows > 0))
            _restartFor ??= item.Object.Source.Uri;
        if (_undoable && _restartFor is null)
            await sink.UndoObjectAsync(cancellationToken);
        _meter.AddRows(-Tally.ObjectRows, -Tally.ObjectRejects);
        Tally.UndoObject(failed: item is LoadItem.Failed);
        _warnings.UndoObject();
        await _rejects.DiscardObjectAsync(item.Object.Source.Uri, cancellationToken);
        return deleted;
    }

    private void LeaveOut(LoadItem item, FeedException failure, bool deleted)
    {
        _logger.LogInformation("Skipped {Object}: {Reason}", item.Object.Source.Uri, failure.Message);
        if (!deleted)
        {
            _plan.File.AddSkipped(item.Object.Source, "BadFile: " + failure.Message, _load);
            return;
        }
        _plan.File.LeaveOut(item.Id, "BadFile: " + failure.Message);
        _failedBefore++;
    }
}
