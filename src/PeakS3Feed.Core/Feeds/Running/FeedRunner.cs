using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
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
    private readonly RunRecorder _recorder = new(parts);

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
        var state = await _recorder.StartAsync(feed, options, progress, cancellationToken);
        RunStatus? status = null;
        Exception? error = null;
        using var stop = new StopRequest(parts.History, state.Run.Id, parts.Time, cancellationToken);
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
            (status, error) = (RunStatus.Failed, (e as FeedException)?.ForFeed(feed.Name) ?? e);
        }
        return await _recorder.EndAsync(state, status ?? state.Outcome(), error);
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
        await using var protocol = new CommitProtocol(
            destination, new LoadTarget(state.Feed.Id, state.Feed.Name, state.Feed.TableName) { KnownFeeds = parts.KnownFeeds is { } known ? await known(cancellationToken) : null },
            new RunHolder(state.Run.Id, state.Run.Host, state.Run.ProcessId, state.Run.StartedAt), parts.Retry, parts.Observer, parts.Logger, parts.Time);
        state.Meter.Enter(RunPhase.Planning);
        var plan = await PlanAsync(state, connection, source, destination, protocol, cancellationToken);
        try
        {
            if (plan.IsNothingToDo)
                return;
            if (!await protocol.ClaimAsync(plan.Spec.Mode, plan.Ledger, cancellationToken))
            {
                // Another run came between the plan and the lock: what it loaded must not be loaded again.
                var again = await PlanAsync(state, connection, source, destination, protocol, cancellationToken);
                plan.Dispose();
                plan = again;
                if (plan.IsNothingToDo)
                    return;
            }
            await LoadAsync(state, plan, source, destination, protocol, cancellationToken);
        }
        finally
        {
            await _recorder.PassedOverAsync(state, plan);
            plan.Dispose();
        }
    }

    private async Task<FeedPlan> PlanAsync(
        RunState state, S3Connection connection, IObjectSource source, IDestination destination, CommitProtocol protocol, CancellationToken cancellationToken)
    {
        var listed = new Progress(state.Meter.Listed);
        var plan = await protocol.InspectAsync(
            session => new FeedPlanner(state.Feed, connection, source, session, destination, parts.Time, listed).PlanAsync(cancellationToken),
            cancellationToken);
        try
        {
            state.Planned(plan);
            await _recorder.RepairHistoryAsync(state.Feed, protocol, cancellationToken);
            return plan.Obstacle is { } obstacle ? throw obstacle : plan;
        }
        catch
        {
            plan.Dispose();
            throw;
        }
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
            if (objects == 0 && !((single || plan.Adopts) && number == 1))
                return;
            using var memory = parts.Memory.Take(state.Options.MaxParallelism);
            var work = new CommitWork(
                plan, number, single, schema, source, Options(state, plan, destination), memory.Lanes, state.Meter, state.Rejects, state.Warnings,
                parts.Logger);
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
                state.LeftOut(plan);
                await _recorder.CommittedAsync(state, feed with { Schema = schema });
                parts.Observer?.OnStep(CommitStep.LocallyRecorded, outcome.Load.Sequence);
            }
            else if (work.Tally.Objects > 0)
            {
                state.Warnings.Add(FeedRunWarnings.NoRowYet(feed, work.Tally.Objects));
            }

            state.Meter.Keep();
            if (single)
                return;
        }
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
        KeepRawText = state.Options.RejectText == RejectText.Keep,
    };

    // System.Progress posts to the thread pool, which puts reports out of order.
    private sealed class Progress(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
