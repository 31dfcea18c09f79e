using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>One destination's steps of a load that is staged as files first.</summary>
internal sealed class StagedCommit(StagedFiles files, StagedShare share, LoadAttempt attempt, int maxInspections)
{
    /// <summary>The load, through all its attempts.</summary>
    public LoadAttempt Attempt => attempt;

    /// <summary>Whether the engine has taken the staged files in.</summary>
    public bool IsCopied => share.IsCopied;

    /// <summary>Why one of two destinations takes no part in the load any more, or null.</summary>
    public Exception? Failure
    {
        get => share.Failure;
        set => share.Failure = value;
    }

    /// <summary>Stages and commits, unless an earlier attempt has landed. Returns null when there was nothing to commit.</summary>
    public Task<LoadOutcome?> RunAsync(IFileSession session, CancellationToken cancellationToken) => attempt.RunAsync(
        session,
        async () =>
        {
            await files.StageAsync(cancellationToken);
            await CommitStagedAsync(session, cancellationToken);
        },
        cancellationToken);

    /// <summary>Has the engine take the staged files in, if it has not yet. Rows that it refuses are removed.</summary>
    public Task CopyAsync(IFileSession session, CancellationToken cancellationToken)
        => attempt.RunAsync(session, () => CopyStagedAsync(session, CreateOrder(), cancellationToken), cancellationToken);

    /// <summary>Commits what is staged, unless an earlier attempt has landed. Returns null when there was nothing to commit.</summary>
    public Task<LoadOutcome?> CommitAsync(IFileSession session, CancellationToken cancellationToken)
        => attempt.RunAsync(session, () => CommitStagedAsync(session, cancellationToken), cancellationToken);

    private LoadOrder CreateOrder() => attempt.Order(attempt.Work.Spec with { Schema = share.Totals.Schema }, share.Stamp);

    private async Task CommitStagedAsync(IFileSession session, CancellationToken cancellationToken)
    {
        for (var inspections = 1; ; inspections++)
        {
            var order = CreateOrder();
            await CopyStagedAsync(session, order, cancellationToken);
            var table = await InspectAsync(session, cancellationToken);
            attempt.Report(CommitStep.Checked);
            var preparation = await attempt.PrepareAsync(table, order, session.Types, cancellationToken);
            if (await attempt.DecideAsync(table, order, preparation, share.Totals, cancellationToken) is not { } commit)
                return;
            var result = await session.CommitAsync(share.Files, commit, cancellationToken);
            if (result is CommitResult.Committed committed && (committed.Load is null || committed.Load.RunId == attempt.RunId))
            {
                attempt.Committed(commit);
                attempt.Report(CommitStep.Committed);
                return;
            }
            attempt.Refused();
            if (result is CommitResult.RowsRefused refused)
                await files.RemoveAsync(refused.Rows, cancellationToken);
            else if (result is not CommitResult.TableChanged || inspections == maxInspections)
                throw Error(result);
        }
    }

    private async Task<TableSnapshot> InspectAsync(IFileSession session, CancellationToken cancellationToken)
    {
        var table = await session.InspectAsync(cancellationToken);
        attempt.ThrowIfOvertaken(table);
        return table;
    }

    // Each refusal takes at least one row away, so this ends. The run that has overtaken this one may have deleted the files.
    private async Task CopyStagedAsync(IFileSession session, LoadOrder order, CancellationToken cancellationToken)
    {
        if (share.IsCopied)
            return;
        await InspectAsync(session, cancellationToken);
        while (await session.CopyAsync(share.Files, order, cancellationToken) is { Count: > 0 } refused)
        {
            await files.RemoveAsync(refused, cancellationToken);
            if (share.Failure is { } failure)
                throw failure;
        }
        share.IsCopied = true;
        attempt.Report(CommitStep.Copied);
    }

    private FeedException Error(CommitResult result) => result switch
    {
        CommitResult.Committed => CommitErrors.Overtaken(attempt.Target, holder: null), // another run did the same work
        CommitResult.Overtaken overtaken => CommitErrors.Overtaken(attempt.Target, overtaken.By),
        CommitResult.CountDiffers differs => CommitErrors.RowCountDiffers(attempt.Target, share.Totals.Rows, differs.Taken),
        _ => CommitErrors.TableKeepsChanging(attempt.Target, maxInspections),
    };
}
