using Microsoft.Extensions.Logging;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// The staged files of one load, for one destination or for a pair that is loaded from one reading. They outlive sessions and attempts: whatever
/// happens to a commit, no object is read again.
/// </summary>
internal sealed class StagedFiles(ILoadWork work, LoadName name, ILogger logger)
{
    private readonly List<StagedShare> _shares = [];
    private bool _isStaged;

    /// <summary>
    /// Why the rows that a destination refused could not become rejects: no destination's failure, but the feed's. Null while they
    /// could.
    /// </summary>
    public Exception? WorkFailure { get; private set; }

    /// <summary>Adds a destination, before anything is staged.</summary>
    public StagedShare Add(OpenStage open, LoadAttempt attempt, int index)
    {
        var share = new StagedShare(open, attempt, index, ThrowIfAllFailed, logger);
        _shares.Add(share);
        return share;
    }

    /// <summary>
    /// Stages the load for all destinations, unless that is done. Of a pair, a destination whose stage fails is left out
    /// (<see cref="StagedShare.Failure"/>), and the other one goes on.
    /// </summary>
    public async Task StageAsync(CancellationToken cancellationToken)
    {
        if (_isStaged)
            return;
        try
        {
            var stages = new IStage?[work.Shares.Count];
            foreach (var share in _shares)
                stages[share.Index] = await share.OpenAsync(work.Spec, name, isAlone: _shares.Count == 1, cancellationToken);
            var totals = await work.StageAsync(stages, cancellationToken);
            foreach (var share in _shares)
                await share.FinishAsync(totals[share.Index], cancellationToken);
            _isStaged = true;
        }
        catch
        {
            await CloseAsync();
            throw;
        }
    }

    /// <summary>Opens the stage of a destination whose engine loads the objects itself, unless it is open, and returns the load's name.</summary>
    public async Task<LoadName> OpenAsync(StagedShare share, CancellationToken cancellationToken)
    {
        if (!share.IsOpen)
            await share.OpenAsync(work.Spec, name, isAlone: true, cancellationToken);
        return name;
    }

    /// <summary>Removes rows that a destination refused: they are rejects for all destinations that have not committed yet.</summary>
    public async Task RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken)
    {
        IReadOnlyList<LoadTotals> totals;
        try
        {
            totals = await work.RejectAsync(rows, cancellationToken);
        }
        catch (Exception e)
        {
            WorkFailure = e;
            throw;
        }
        try
        {
            foreach (var share in _shares)
                await share.RemoveAsync(rows, totals[share.Index], cancellationToken);
        }
        catch
        {
            // Some files are without the rows and others are not. A later attempt must not reject the rows again: it stages the load again.
            await CloseAsync();
            _isStaged = false;
            throw;
        }
    }

    /// <summary>Closes all stages.</summary>
    public async Task CloseAsync()
    {
        foreach (var share in _shares)
            await share.CloseAsync();
    }

    private void ThrowIfAllFailed()
    {
        if (_shares.TrueForAll(s => s.Failure is not null))
            throw new StagesFailedException(_shares[0].Failure!);
    }
}

/// <summary>Opens an empty stage for one load of one destination.</summary>
internal delegate Task<IStage> OpenStage(LoadSpec spec, LoadStamp stamp, LoadName name, CancellationToken cancellationToken);

/// <summary>The stages of all destinations of a pair have failed, so that nobody needs the rest of the rows.</summary>
internal sealed class StagesFailedException(Exception first) : Exception(first.Message, first);

/// <summary>One destination's share of staged files.</summary>
internal sealed class StagedShare(OpenStage open, LoadAttempt attempt, int index, Action failed, ILogger logger)
{
    private IStage? _stage;
    private bool _isAlone;

    /// <summary>The destination's place among those of the feed.</summary>
    public int Index => index;

    /// <summary>The values of the audit columns.</summary>
    public LoadStamp Stamp { get; private set; } = attempt.CreateStamp();

    public StagedLoad Files { get; private set; } = new(new LoadName(Guid.Empty, 0), []);

    public LoadTotals Totals { get; private set; } = new(0, 0, 0, attempt.Work.Spec.Schema);

    /// <summary>Whether the engine has taken the files in.</summary>
    public bool IsCopied { get; set; }

    /// <summary>Whether the stage is open.</summary>
    public bool IsOpen => _stage is not null;

    /// <summary>The form of the objects that the engine has loaded itself; null if rows were staged.</summary>
    public DirectForm? Direct { get; private set; }

    /// <summary>Why one of two destinations takes no part in the load any more, or null.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Opens the stage; null where that fails and another destination goes on.</summary>
    public async Task<IStage?> OpenAsync(LoadSpec spec, LoadName name, bool isAlone, CancellationToken cancellationToken)
    {
        if (Failure is not null)
            return null;
        _isAlone = isAlone;
        Stamp = attempt.CreateStamp();
        await TryAsync(async () => _stage = await open(spec, Stamp, name, cancellationToken));
        return _stage is null || isAlone ? _stage : new IsolatedStage(_stage, Fail, () => Failure is not null);
    }

    /// <summary>Completes the files once all rows are written.</summary>
    public Task FinishAsync(LoadTotals totals, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        if (Failure is not null)
            return;
        Use(await _stage!.FinishAsync(cancellationToken), totals);
        attempt.Report(CommitStep.Staged);
    });

    /// <summary>Uses the rows that the engine has loaded from the objects itself.</summary>
    public void UseDirect(LoadName name, DirectForm form, LoadTotals totals)
        => (Files, Totals, Direct, IsCopied) = (new StagedLoad(name, []), totals, form, true);

    /// <summary>Removes rows, unless the load is committed here already.</summary>
    public async Task RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, LoadTotals totals, CancellationToken cancellationToken)
    {
        if (Failure is not null || attempt.HasLanded)
            return;
        try
        {
            Use(await _stage!.RemoveAsync(rows, cancellationToken), totals);
        }
        catch (Exception e) when (!_isAlone && e is not OperationCanceledException)
        {
            Failure = e;
        }
    }

    /// <summary>Closes the stage. Files that stay behind cost money, not rows.</summary>
    public async Task CloseAsync()
    {
        if (_stage is not { } stage)
            return;
        _stage = null;
        try
        {
            await stage.CloseAsync(attempt.Outcome is not null ? StageEnd.Committed : attempt.IsInDoubt ? StageEnd.InDoubt : StageEnd.Discarded);
        }
        catch (Exception e)
        {
            logger.LogWarning("Staged files could not be deleted: {Reason}", e.Message);
        }
    }

    // Throws unless the files have as many rows as were read and not refused.
    private void Use(StagedLoad files, LoadTotals totals)
    {
        if (files.Rows != totals.Rows)
            throw CommitErrors.RowCountDiffers(attempt.Target, totals.Rows, files.Rows);
        (Files, Totals, Direct, IsCopied) = (files, totals, null, false);
    }

    private async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (!_isAlone && e is not (OperationCanceledException or LoadRestartException))
        {
            Fail(e);
        }
    }

    private void Fail(Exception failure)
    {
        Failure ??= failure;
        failed();
    }
}
