using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>One destination's steps of a load that is staged as files first.</summary>
internal sealed class StagedCommit(StagedFiles files, StagedShare share, LoadAttempt attempt, int maxInspections, DirectCopy? direct = null)
    : PairedCommit(share, attempt)
{
    // Engines refuse rows when they copy them.
    public override bool RefusesInCommit => false;

    public override bool IsCopied => Share.IsCopied;

    /// <summary>Stages and commits, unless an earlier attempt has landed. Returns null when there was nothing to commit.</summary>
    public Task<LoadOutcome?> RunAsync(IFileSession session, CancellationToken cancellationToken) => Attempt.RunAsync(
        session,
        async () =>
        {
            if (direct is null || session is not IDirectSession into || !await direct.TryAsync(into, cancellationToken))
                await files.StageAsync(cancellationToken);
            await CommitStagedAsync(session, cancellationToken);
        },
        cancellationToken);

    public override Task CopyAsync(ITableSession session, CancellationToken cancellationToken)
        => Attempt.RunAsync(session, () => CopyStagedAsync((IFileSession)session, CreateOrder(), cancellationToken), cancellationToken);

    public override Task<LoadOutcome?> CommitAsync(ITableSession session, CancellationToken cancellationToken)
        => Attempt.RunAsync(session, () => CommitStagedAsync((IFileSession)session, cancellationToken), cancellationToken);

    private LoadOrder CreateOrder()
        => Attempt.Order(Attempt.Work.Spec with { Schema = Share.Totals.Schema, Direct = Share.Direct }, Share.Stamp);

    private async Task CommitStagedAsync(IFileSession session, CancellationToken cancellationToken)
    {
        for (var inspections = 1; ; inspections++)
        {
            ThrowIfFailed();
            var order = CreateOrder();
            await CopyStagedAsync(session, order, cancellationToken);
            var table = await InspectAsync(session, cancellationToken);
            Attempt.Report(CommitStep.Checked);
            var preparation = await Attempt.PrepareAsync(table, order, session.Types, cancellationToken);
            if (await Attempt.DecideAsync(table, order, preparation, Share.Totals, cancellationToken) is not { } commit)
                return;
            var result = await session.CommitAsync(Share.Files, commit, cancellationToken);
            if (result is CommitResult.Committed committed && (committed.Load is null || committed.Load.RunId == Attempt.RunId))
            {
                Attempt.Committed(commit);
                Attempt.Report(CommitStep.Committed);
                return;
            }
            Attempt.Refused();
            if (result is CommitResult.RowsRefused refused)
                await files.RemoveAsync(refused.Rows, cancellationToken);
            else if (result is not CommitResult.TableChanged || inspections == maxInspections)
                throw Error(result);
        }
    }

    private async Task<TableSnapshot> InspectAsync(IFileSession session, CancellationToken cancellationToken)
    {
        var table = await session.InspectAsync(cancellationToken);
        Attempt.ThrowIfOvertaken(table);
        return table;
    }

    // Each refusal takes at least one row away, so this ends. The run that has overtaken this one may have deleted the files.
    private async Task CopyStagedAsync(IFileSession session, LoadOrder order, CancellationToken cancellationToken)
    {
        if (Share.IsCopied)
            return;
        await InspectAsync(session, cancellationToken);
        while (await session.CopyAsync(Share.Files, order, cancellationToken) is { Count: > 0 } refused)
        {
            await files.RemoveAsync(refused, cancellationToken);
            ThrowIfFailed();
        }
        Share.IsCopied = true;
        Attempt.Report(CommitStep.Copied);
    }

    private FeedException Error(CommitResult result) => result switch
    {
        CommitResult.Committed => CommitErrors.Overtaken(Attempt.Target, holder: null), // another run did the same work
        CommitResult.Overtaken overtaken => CommitErrors.Overtaken(Attempt.Target, overtaken.By),
        CommitResult.CountDiffers differs => CommitErrors.RowCountDiffers(Attempt.Target, Share.Totals.Rows, differs.Taken),
        _ => CommitErrors.TableKeepsChanging(Attempt.Target, maxInspections),
    };
}
