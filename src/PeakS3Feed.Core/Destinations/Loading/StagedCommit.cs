using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// The steps of a load that is staged as files first. The stage outlives sessions and attempts: whatever happens to the commit, no object is
/// read again.
/// </summary>
internal sealed class StagedCommit(IStagingDestination destination, LoadAttempt attempt, int maxInspections) : IAsyncDisposable
{
    private Staged? _staged;

    /// <summary>Takes the steps, unless an earlier attempt turns out to have landed. Returns null when there was nothing to commit.</summary>
    public async Task<LoadOutcome?> RunAsync(IFileSession session, CancellationToken cancellationToken)
    {
        if (await attempt.FindLandedAsync(session, cancellationToken) is { } landed)
            return await EndAsync(landed);
        _staged ??= await StageAsync(cancellationToken);
        try
        {
            return await EndAsync(await CommitAsync(session, _staged, cancellationToken));
        }
        catch (Exception e) when (session.Classify(e) is FaultKind.Refused or FaultKind.RowRefused)
        {
            attempt.Refused();
            throw;
        }
    }

    /// <summary>Ends a stage that no commit has taken, or may have taken.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_staged is { } staged)
            await CloseAsync(staged.Stage, attempt.IsInDoubt ? StageEnd.InDoubt : StageEnd.Discarded);
    }

    private async Task<LoadOutcome?> EndAsync(LoadOutcome? outcome)
    {
        if (_staged is { } staged)
            await CloseAsync(staged.Stage, outcome is null ? StageEnd.Discarded : StageEnd.Committed);
        _staged = null;
        return outcome;
    }

    // Files that stay behind cost money, not rows. An error here must not have a load that is committed tried again.
    private async Task CloseAsync(IStage stage, StageEnd end)
    {
        try
        {
            await stage.CloseAsync(end);
        }
        catch (Exception e)
        {
            attempt.Logger.LogWarning("Staged files could not be deleted: {Reason}", e.Message);
        }
    }

    private async Task<Staged> StageAsync(CancellationToken cancellationToken)
    {
        var work = attempt.Work;
        var stamp = attempt.Stamp();
        var stage = await destination.OpenStageAsync(attempt.Target, work.Spec, stamp, new LoadName(attempt.RunId, work.Number), cancellationToken);
        try
        {
            var totals = await work.StageAsync(stage, cancellationToken);
            var staged = new Staged(stage, stamp, await stage.FinishAsync(cancellationToken), totals);
            if (staged.Files.Rows != totals.Rows)
                throw DestinationErrors.RowCountDiffers(attempt.Target, totals.Rows, staged.Files.Rows);
            attempt.Report(CommitStep.Staged);
            return staged;
        }
        catch
        {
            await CloseAsync(stage, StageEnd.Discarded);
            throw;
        }
    }

    private async Task<LoadOutcome?> CommitAsync(IFileSession session, Staged staged, CancellationToken cancellationToken)
    {
        for (var inspections = 1; ; inspections++)
        {
            var order = attempt.Order(attempt.Work.Spec with { Schema = staged.Totals.Schema }, staged.Stamp);
            await CopyAsync(session, staged, order, cancellationToken);
            var table = await InspectAsync(session, cancellationToken);
            attempt.Report(CommitStep.Checked);
            var preparation = await attempt.PrepareAsync(table, order, session.Types, cancellationToken);
            if (await attempt.DecideAsync(table, order, preparation, staged.Totals, cancellationToken) is not { } commit)
                return null;
            var result = await session.CommitAsync(staged.Files, commit, cancellationToken);
            if (result is CommitResult.Committed committed && (committed.Load is null || committed.Load.RunId == attempt.RunId))
            {
                attempt.Report(CommitStep.Committed);
                return attempt.Committed(commit);
            }
            attempt.Refused();
            if (result is CommitResult.RowsRefused refused)
                await RemoveAsync(staged, refused.Rows, cancellationToken);
            else if (result is not CommitResult.TableChanged || inspections == maxInspections)
                throw Error(result, staged);
        }
    }

    private async Task<TableSnapshot> InspectAsync(IFileSession session, CancellationToken cancellationToken)
    {
        var table = await session.InspectAsync(cancellationToken);
        attempt.ThrowIfOvertaken(table);
        return table;
    }

    // Each refusal takes at least one row away, so this ends. The run that has overtaken this one may have deleted the files.
    private async Task CopyAsync(IFileSession session, Staged staged, LoadOrder order, CancellationToken cancellationToken)
    {
        if (staged.IsCopied)
            return;
        await InspectAsync(session, cancellationToken);
        while (await session.CopyAsync(staged.Files, order, cancellationToken) is { Count: > 0 } refused)
            await RemoveAsync(staged, refused, cancellationToken);
        staged.IsCopied = true;
        attempt.Report(CommitStep.Copied);
    }

    private async Task RemoveAsync(Staged staged, IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken)
    {
        staged.Totals = await attempt.Work.RejectAsync(rows, staged.Totals, cancellationToken);
        staged.Files = await staged.Stage.RemoveAsync(rows, cancellationToken);
        staged.IsCopied = false;
        if (staged.Files.Rows != staged.Totals.Rows)
            throw DestinationErrors.RowCountDiffers(attempt.Target, staged.Totals.Rows, staged.Files.Rows);
    }

    private FeedException Error(CommitResult result, Staged staged) => result switch
    {
        CommitResult.Committed => DestinationErrors.Fenced(attempt.Target, holder: null), // another run did the same work
        CommitResult.Overtaken overtaken => DestinationErrors.Fenced(attempt.Target, overtaken.By),
        CommitResult.CountDiffers differs => DestinationErrors.RowCountDiffers(attempt.Target, staged.Totals.Rows, differs.Taken),
        _ => DestinationErrors.TableKeepsChanging(attempt.Target, maxInspections),
    };

    private sealed class Staged(IStage stage, LoadStamp stamp, StagedLoad files, LoadTotals totals)
    {
        public IStage Stage { get; } = stage;

        public LoadStamp Stamp { get; } = stamp;

        public StagedLoad Files { get; set; } = files;

        public LoadTotals Totals { get; set; } = totals;

        /// <summary>Whether the engine has taken the files in.</summary>
        public bool IsCopied { get; set; }
    }
}
