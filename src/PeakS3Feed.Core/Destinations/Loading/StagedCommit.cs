using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// The steps of a load that is staged as files first. The stage outlives sessions and attempts: however the commit fails, no object is read
/// again.
/// </summary>
internal sealed class StagedCommit(IStagingDestination destination, LoadAttempt attempt, int maxInspections) : IAsyncDisposable
{
    private Staged? _staged;

    /// <summary>Stages and commits, unless an earlier attempt has landed. Returns null when there was nothing to commit.</summary>
    public Task<LoadOutcome?> RunAsync(IFileSession session, CancellationToken cancellationToken)
        => attempt.RunAsync(session, () => LoadAsync(session, cancellationToken), cancellationToken);

    /// <summary>Closes the stage.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_staged is { } staged)
        {
            var end = attempt.Outcome is not null ? StageEnd.Committed : attempt.IsInDoubt ? StageEnd.InDoubt : StageEnd.Discarded;
            await CloseAsync(staged.Stage, end);
        }
    }

    private async Task LoadAsync(IFileSession session, CancellationToken cancellationToken)
    {
        _staged ??= await StageAsync(cancellationToken);
        await CommitAsync(session, _staged, cancellationToken);
    }

    // Files that stay behind cost money, not rows.
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
            var staged = new Staged(attempt.Target, stage, stamp, await stage.FinishAsync(cancellationToken), totals);
            attempt.Report(CommitStep.Staged);
            return staged;
        }
        catch
        {
            await CloseAsync(stage, StageEnd.Discarded);
            throw;
        }
    }

    private async Task CommitAsync(IFileSession session, Staged staged, CancellationToken cancellationToken)
    {
        for (var inspections = 1; ; inspections++)
        {
            var order = attempt.Order(attempt.Work.Spec with { Schema = staged.Totals.Schema }, staged.Stamp);
            await CopyAsync(session, staged, order, cancellationToken);
            var table = await InspectAsync(session, cancellationToken);
            attempt.Report(CommitStep.Checked);
            var preparation = await attempt.PrepareAsync(table, order, session.Types, cancellationToken);
            if (await attempt.DecideAsync(table, order, preparation, staged.Totals, cancellationToken) is not { } commit)
                return;
            var result = await session.CommitAsync(staged.Files, commit, cancellationToken);
            if (result is CommitResult.Committed committed && (committed.Load is null || committed.Load.RunId == attempt.RunId))
            {
                attempt.Committed(commit);
                attempt.Report(CommitStep.Committed);
                return;
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
        var totals = await attempt.Work.RejectAsync(rows, staged.Totals, cancellationToken);
        staged.Replace(await staged.Stage.RemoveAsync(rows, cancellationToken), totals);
    }

    private FeedException Error(CommitResult result, Staged staged) => result switch
    {
        CommitResult.Committed => CommitErrors.Overtaken(attempt.Target, holder: null), // another run did the same work
        CommitResult.Overtaken overtaken => CommitErrors.Overtaken(attempt.Target, overtaken.By),
        CommitResult.CountDiffers differs => CommitErrors.RowCountDiffers(attempt.Target, staged.Totals.Rows, differs.Taken),
        _ => CommitErrors.TableKeepsChanging(attempt.Target, maxInspections),
    };

    private sealed class Staged
    {
        private readonly LoadTarget _target;

        public Staged(LoadTarget target, IStage stage, LoadStamp stamp, StagedLoad files, LoadTotals totals)
        {
            (_target, Stage, Stamp) = (target, stage, stamp);
            Replace(files, totals);
        }

        public IStage Stage { get; }

        public LoadStamp Stamp { get; }

        public StagedLoad Files { get; private set; }

        public LoadTotals Totals { get; private set; }

        /// <summary>Whether the engine has taken the files in.</summary>
        public bool IsCopied { get; set; }

        /// <summary>Takes other files. Throws <c>RowCountDiffers</c> unless they have as many rows as were read and not refused.</summary>
        [MemberNotNull(nameof(Files), nameof(Totals))]
        public void Replace(StagedLoad files, LoadTotals totals)
        {
            if (files.Rows != totals.Rows)
                throw CommitErrors.RowCountDiffers(_target, totals.Rows, files.Rows);
            (Files, Totals, IsCopied) = (files, totals, false);
        }
    }
}
