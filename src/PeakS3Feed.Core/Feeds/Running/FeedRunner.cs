using Microsoft.Extensions.Logging;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Rows;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>Runs a feed: plan, then for each commit read, decompress, parse, type, load and record, and write down how it went.</summary>
public sealed class FeedRunner(FeedRunnerParts parts)
{
    private const int MostRunsMended = 1000;

    /// <summary>
    /// Runs the feed. A run that began always ends in a result; one that may not begin (disabled, already running) throws.
    /// Cancelling ends it after the commit that was already sent, if one was.
    /// </summary>
    public async Task<RunResult> RunAsync(
        S3Feed feed, S3Connection connection, RunOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        Demand(feed, options);
        using var held = await FeedRunLock.AcquireAsync(parts.History, feed.Id, feed.Name, parts.Time, cancellationToken);
        if (parts.Reread is { } reread)
            (feed, connection) = await reread(cancellationToken);
        Demand(feed, options);
        await parts.History.MarkDeadRunsAsync(held, cancellationToken);
        var run = new S3FeedRun
        {
            Id = Guid.NewGuid(),
            FeedId = feed.Id,
            FeedName = feed.Name,
            Status = RunStatus.Running,
            StartedAt = parts.Time.GetUtcNow(),
            Host = Environment.MachineName,
            ProcessId = Environment.ProcessId,
        };
        await parts.History.StartAsync(run, cancellationToken);
        var rejects = new RunRejects(parts.History.OpenRejects(run.Id, options.RejectText), parts.Logger);
        var state = new RunState(run, feed, new RunMeter(progress, parts.Time), rejects, options.RejectText);
        RunStatus? status = null;
        Exception? error = null;
        using var stop = new StopRequest(parts.History, run.Id, parts.Time, cancellationToken);
        try
        {
            await RunAsync(state, connection, stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException && stop.Token.IsCancellationRequested)
        {
            (status, error) = (RunStatus.Canceled, FeedRunErrors.Canceled(feed, state.Run.Commits));
        }
        catch (Exception e)
        {
            (status, error) = (RunStatus.Failed, e);
        }
        return await EndAsync(state, status ?? state.Outcome(), error);
    }

    private static void Demand(S3Feed feed, RunOptions options)
    {
        if (!feed.Enabled && !options.Force)
            throw FeedRunErrors.Disabled(feed);
    }

    private async Task RunAsync(RunState state, S3Connection connection, CancellationToken cancellationToken)
    {
        if (parts.Verify is { } verify)
            await verify(connection, cancellationToken);
        await using var source = parts.OpenSource(connection, new SourceIdentity(state.Feed.Name, state.Run.Id));
        await using var destination = await parts.OpenDestination(cancellationToken);
        state.Meter.Enter(RunPhase.Planning);
        var plan = await PlanAsync(state, connection, source, destination, cancellationToken);
        try
        {
            if (plan.IsNothingToDo)
                return;
            await using var protocol = new CommitProtocol(
                destination, Target(state.Feed), new RunHolder(state.Run.Id, state.Run.Host, state.Run.ProcessId, state.Run.StartedAt),
                parts.Retry, parts.Observer, parts.Logger, parts.Time);
            var claimed = await protocol.StartAsync(plan.Spec.Mode, cancellationToken);
            if (claimed.Sequence != (plan.Ledger?.Sequence ?? 0) || claimed.Epoch != (plan.Ledger?.Epoch ?? 0) + 1)
            {
                // Another run came between the plan and the lock: what it loaded must not be loaded again.
                var again = await PlanAsync(state, connection, source, destination, cancellationToken);
                plan.Dispose();
                plan = again;
                if (plan.IsNothingToDo)
                    return;
            }
            await LoadAsync(state, plan, source, destination, protocol, cancellationToken);
        }
        finally
        {
            await TryAsync("The files that were passed over cannot be counted", () =>
            {
                state.Finished(plan);
                return Task.CompletedTask;
            });
            plan.Dispose();
        }
    }

    private async Task<FeedPlan> PlanAsync(
        RunState state, S3Connection connection, IObjectSource source, IDestination destination, CancellationToken cancellationToken)
    {
        await using var session = await destination.OpenAsync(Target(state.Feed), cancellationToken);
        var listed = new Progress(state.Meter.Listed);
        var plan = await new FeedPlanner(state.Feed, connection, source, session, destination.Location, parts.Time, listed).PlanAsync(cancellationToken);
        state.Planned(plan);
        // Trouble with the history leaves it as it is: nothing that is loaded depends on it.
        await TryAsync("Records of earlier runs could not be mended", () => RepairAsync(state.Feed, session, cancellationToken));
        if (plan.Obstacle is not { } obstacle)
            return plan;
        plan.Dispose();
        throw obstacle;
    }

    private async Task LoadAsync(
        RunState state, FeedPlan plan, IObjectSource source, IDestination destination, CommitProtocol protocol, CancellationToken cancellationToken)
    {
        var feed = plan.Feed;
        var single = feed.LoadType == LoadType.TruncateInsert;
        var schema = plan.Schema;
        for (var number = 1; ; number++)
        {
            var (objects, _) = plan.File.Assign(number, single ? long.MaxValue : feed.CommitEveryBytes, single ? 0 : feed.CommitEveryObjects);
            if (objects == 0 && !(single && number == 1))
                return;
            var work = new CommitWork(plan, number, single, schema, source, Options(state, plan, destination), state.Meter, state.Rejects, parts.Logger);
            LoadOutcome? outcome;
            try
            {
                outcome = await protocol.LoadAsync(work, cancellationToken);
            }
            finally
            {
                state.Attempted(work.Tally);
            }
            if (outcome is not null)
            {
                schema = outcome.Totals.Schema;
                state.Committed(outcome.Load);
                await RecordLocallyAsync(state, feed with { Schema = schema });
                parts.Observer?.OnStep(CommitStep.LocallyRecorded, outcome.Load.Sequence);
            }
            state.Meter.Keep();
            if (single)
                return;
        }
    }

    // What is not written here is known to the ledger, so that a failure is worth a warning and no more.
    private async Task RecordLocallyAsync(RunState state, S3Feed feed)
    {
        await TryAsync("The commit landed, but the feed's definition could not be written", () => parts.SaveFeed(feed, CancellationToken.None));
        await TryAsync("The commit landed, but the run's record could not be written", () => parts.History.UpdateAsync(state.Run, CancellationToken.None));
    }

    private async Task TryAsync(string trouble, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            parts.Logger.LogWarning("{Trouble}: {Reason}", trouble, e.Message);
        }
    }

    /// <summary>
    /// A process that died after a commit could not write it into the history: the ledger has it. Looked at after planning, for the
    /// server may have ended the dead process's last COMMIT only meanwhile, and back to the last run that went well, for a run that
    /// was to mend the history may have died as well.
    /// </summary>
    private async Task RepairAsync(S3Feed feed, IDestinationSession session, CancellationToken cancellationToken)
    {
        var ended = new RunFilter { FeedId = feed.Id, Statuses = [.. Enum.GetValues<RunStatus>().Where(s => s != RunStatus.Running)], Last = MostRunsMended };
        await foreach (var run in parts.History.ListAsync(ended, cancellationToken))
        {
            if (run.Status is RunStatus.Succeeded or RunStatus.NothingToDo or RunStatus.SucceededWithRejects)
                return;
            if (run.ErrorId == RunErrors.ProcessEnded)
                await RepairAsync(run, session, cancellationToken);
        }
    }

    private async Task RepairAsync(S3FeedRun run, IDestinationSession session, CancellationToken cancellationToken)
    {
        var loads = await session.FindLoadsAsync(run.Id, cancellationToken);
        if (loads.Count == run.Commits)
            return;
        parts.Logger.LogInformation("Run {Run} ended without a word after {Commits} commits; its record is mended from the ledger.", run.Id, loads.Count);
        await parts.History.UpdateAsync(run with
        {
            Commits = loads.Count,
            RowsLoaded = loads.Sum(l => l.Rows),
            ObjectsLoaded = loads.Sum(l => l.Objects),
            BytesRead = loads.Sum(l => l.Bytes),
        }, cancellationToken);
    }

    private async Task<RunResult> EndAsync(RunState state, RunStatus status, Exception? error)
    {
        if (status == RunStatus.Failed && error is FeedException failed && state.Run.Commits > 0)
            error = FeedRunErrors.AfterCommits(failed, state.Run.Commits);
        await state.Rejects.EndAsync();
        var run = state.Run with
        {
            Status = status,
            EndedAt = parts.Time.GetUtcNow(),
            ErrorId = (error as FeedException)?.Id ?? (error is null ? null : "Unexpected"),
            Error = error?.Message,
        };
        await TryAsync("The run has ended, but its record could not be written", () => parts.History.UpdateAsync(run, CancellationToken.None));
        return new RunResult(run, error, state.FailedFiles) { FailedFileCount = state.FailedFileCount };
    }

    private static RowAssemblerOptions Options(RunState state, FeedPlan plan, IDestination destination) => new()
    {
        FeedName = plan.Feed.Name,
        NewFields = plan.Feed.SchemaEvolution switch
        {
            SchemaEvolution.Strict => NewFieldAction.Fail,
            SchemaEvolution.Ignore => NewFieldAction.Ignore,
            _ => NewFieldAction.Add,
        },
        KeyColumns = plan.Spec.Key,
        Limits = destination.Capabilities.ValueLimits,
        DateFormats = new DateFormatSet(plan.Feed.DateFormats),
        KeepRawText = state.RejectText == RejectText.Keep,
    };

    private static LoadTarget Target(S3Feed feed) => new(feed.Id, feed.Name, feed.TableName);

    // System.Progress posts to the thread pool, which puts reports out of order.
    private sealed class Progress(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
