using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Rows;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// The work of one run: plan and claim, and then read, type, write and commit each load. If one of two destinations fails, the run continues with
/// the other one. The next run loads what the failed destination lacks.
/// </summary>
internal sealed class FeedRun(
    RunState state, IRunAccess access, IRunEnvironment environment, RunRecorder recorder, FeedRunnerOptions options) : IAsyncDisposable
{
    private CancellationTokenSource? _closing; // ends the opening of destinations
    private Task _opening = Task.CompletedTask;
    private IObjectSource? _source;
    private IReadOnlyList<string>? _announced; // null for a listing
    private List<RunTarget> _planned = []; // the destinations of the plan, in its order

    private IObjectSource Source => _source!;

    /// <summary>
    /// Begins to open the destinations, unless the source's connection must be tested first. <see cref="RunAsync"/> throws what goes wrong.
    /// </summary>
    public void BeginOpening(CancellationToken cancellationToken)
    {
        if (access.Connection.Status == ConnectionStatus.Verified)
            Open(cancellationToken);
    }

    /// <summary>Does the work.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await access.VerifyAsync(cancellationToken);
        _source = access.OpenSource(new SourceIdentity(state.Feed.Name, state.Run.Id));
        if (_closing is null)
            Open(cancellationToken);
        await _opening.WaitAsync(cancellationToken);
        state.Meter.Enter(RunPhase.Planning);
        _announced = await access.FindAnnouncedAsync(cancellationToken);
        var plan = await PlanAsync(cancellationToken);
        NextLoad? first = null;
        try
        {
            first = PrepareFirst(plan);
            first?.Work.BeginReading(cancellationToken);
            await RepairHistoryAsync(cancellationToken);
            // Another run may have loaded objects between plan and claim. They must not be loaded again. After the claim, no other run can load.
            while (!await ClaimAsync(plan, cancellationToken))
            {
                if (first is not null)
                    await first.DisposeAsync();
                first = null;
                state.Meter.PlanAgain();
                var again = await PlanAsync(cancellationToken);
                plan.Dispose();
                plan = again;
                await RepairHistoryAsync(cancellationToken);
            }
            await LoadAsync(plan, first, cancellationToken);
        }
        finally
        {
            if (first is not null)
                await first.DisposeAsync();
            await recorder.PassedOverAsync(state, plan);
            plan.Dispose();
        }
        state.Loaded();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_closing?.CancelAsync() ?? Task.CompletedTask);
        await _opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var target in state.Targets)
            await target.DisposeAsync();
        _closing?.Dispose();
        if (_source is not null)
            await _source.DisposeAsync();
    }

    private void Open(CancellationToken cancellationToken)
    {
        _closing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _opening = Task.Run(() => OpenAsync(_closing.Token), CancellationToken.None);
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var feed = state.Feed;
        var known = await environment.FindFeedNamesAsync(cancellationToken);
        var holder = new RunHolder(state.Run.Id, state.Run.Host, state.Run.ProcessId, state.Run.StartedAt);
        foreach (var target in state.Targets)
        {
            await target.TryAsync(async () => target.Open(
                await access.OpenDestinationAsync(target.Name, cancellationToken),
                new LoadTarget(feed.Id, feed.Name, feed.TableName) { KnownFeeds = known }, holder, options, cancellationToken));
        }
        // If one of two destinations cannot be reached, the other one must still be planned.
        if (state.Targets.Count > 1)
        {
            foreach (var target in state.Targets)
                await target.TryAsync(() => target.Protocol.InspectAsync(session => session.InspectAsync(cancellationToken), cancellationToken));
        }
        state.ThrowIfAllFailed();
    }

    private async Task<FeedPlan> PlanAsync(CancellationToken cancellationToken)
    {
        _planned = [.. state.Targets.Where(t => t.Failure is null)];
        var plan = await FindPlanAsync(cancellationToken);
        try
        {
            state.Planned(plan);
            if (plan.Obstacle is { } obstacle)
            {
                await RepairHistoryAsync(cancellationToken);
                throw obstacle;
            }
            for (var i = 0; i < _planned.Count; i++)
                _planned[i].Planned(plan.Destinations[i]);
            options.Observer?.OnStep(CommitStep.Planned, 0);
            return plan;
        }
        catch
        {
            plan.Dispose();
            throw;
        }
    }

    private async Task RepairHistoryAsync(CancellationToken cancellationToken)
    {
        foreach (var target in _planned)
            await recorder.RepairHistoryAsync(state, target, cancellationToken);
    }

    private Task<FeedPlan> FindPlanAsync(CancellationToken cancellationToken) => CommitProtocol.InspectAsync(
        [.. _planned.Select(t => t.Protocol)],
        sessions =>
        {
            PlanTarget[] targets = [.. _planned.Zip(sessions, (t, session) => new PlanTarget(t.Name, t.Destination, session))];
            var planner = new FeedPlanner(
                state.Feed, access.Connection, Source, targets, options.Time, new Progress(state.Meter.Listed), _announced);
            return planner.PlanAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Claims the feed in each destination that has something to load. Returns whether the plan still holds.</summary>
    private async Task<bool> ClaimAsync(FeedPlan plan, CancellationToken cancellationToken)
    {
        var holds = true;
        for (var i = 0; i < _planned.Count; i++)
        {
            var (target, ledger) = (_planned[i], plan.Destinations[i].Ledger);
            if (target.IsActive && !target.IsClaimed)
                await target.TryAsync(async () => holds &= await target.ClaimAsync(plan.Spec.Mode, ledger, cancellationToken));
        }
        return holds;
    }

    private async Task LoadAsync(FeedPlan plan, NextLoad? first, CancellationToken cancellationToken)
    {
        var schema = plan.Schema;
        for (var number = 1; ActiveTargets() != 0; number++)
        {
            await using var next = number == 1 && first is not null ? first : Prepare(plan, number, schema);
            if (next is null)
                return;
            schema = await LoadAsync(plan, next.Work, next.Targets, cancellationToken) ?? schema;
            state.Meter.Keep();
            if (IsSingle(plan))
                return;
        }
    }

    // The first objects are read while the feed is claimed. If there are two destinations, their claims decide what the load is.
    private NextLoad? PrepareFirst(FeedPlan plan)
        => state.Targets.Count > 1 || ActiveTargets() == 0 ? null : Prepare(plan, 1, plan.Schema);

    /// <summary>Decides what a load contains. Returns null if nothing is left to load.</summary>
    private NextLoad? Prepare(FeedPlan plan, int number, FeedSchema schema)
    {
        var single = IsSingle(plan);
        plan.File.ForgetOthers(ActiveTargets());
        var (_, _, needed) = plan.File.Assign(
            number, single ? long.MaxValue : plan.Feed.CommitEveryBytes, single ? 0 : plan.Feed.CommitEveryObjects);
        var targets = FindTargets(plan, number, single, needed);
        if (targets.Count == 0)
            return null;
        var memory = options.Memory.Take(Math.Min(state.Options.MaxParallelism, Source.Ahead?.MaxConnections ?? int.MaxValue));
        try
        {
            return new NextLoad(CreateWork(plan, number, single, schema, memory.Lanes), targets, memory);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private static bool IsSingle(FeedPlan plan) => plan.Feed.LoadType == LoadType.TruncateInsert;

    // The destinations that need an object of the load. In the first load, also those that have something to commit without an object.
    private Dictionary<int, RunTarget> FindTargets(FeedPlan plan, int number, bool single, int needed) => Enumerable.Range(0, _planned.Count)
        .Where(i => _planned[i].IsActive && ((needed >> i & 1) == 1 || (number == 1 && (single || plan.Destinations[i].Adopts))))
        .ToDictionary(i => i, i => _planned[i]);

    /// <summary>Does one load. Returns the columns after the load, or null when nothing was committed.</summary>
    private async Task<FeedSchema?> LoadAsync(FeedPlan plan, LoadWork work, Dictionary<int, RunTarget> targets, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<int, LoadResult> results;
        try
        {
            results = targets.Count > 1
                ? await PairLoad.LoadAsync(targets.ToDictionary(t => t.Key, t => t.Value.Protocol), work, options.Logger, cancellationToken)
                : await LoadOneAsync(work, targets.Single(), cancellationToken);
        }
        finally
        {
            state.Attempted(work.Tally);
            foreach (var (index, target) in targets)
            {
                target.Attempted(work.Tally.RejectsFor(index));
                if (work.Refusal is { } refusal)
                    target.Staged(refusal);
            }
        }
        Dictionary<int, LoadOutcome> outcomes = [];
        foreach (var (index, result) in results)
        {
            if (result.Failure is { } failure)
                targets[index].Fail(failure);
            if (result.Outcome is not { } outcome)
                continue;
            targets[index].Committed(outcome.Load);
            outcomes.Add(index, outcome);
        }
        if (outcomes.Count == 0)
        {
            if (work.Tally.Objects > 0 && targets.Values.All(t => t.Failure is null))
                state.Warnings.Add(FeedRunWarnings.NoRowYet(plan.Feed, work.Tally.Objects));
            return null;
        }
        var schema = outcomes.Values.First().Totals.Schema;
        state.Committed(outcomes.Count, work.Tally.Totals(Bits(outcomes.Keys)));
        state.LeftOut(plan);
        await recorder.CommittedAsync(state, plan.Feed with { Schema = schema });
        foreach (var outcome in outcomes.Values)
            options.Observer?.OnStep(CommitStep.LocallyRecorded, outcome.Load.Sequence);
        return schema;
    }

    private static async Task<IReadOnlyDictionary<int, LoadResult>> LoadOneAsync(
        LoadWork work, KeyValuePair<int, RunTarget> only, CancellationToken cancellationToken)
    {
        var (index, target) = only;
        LoadOutcome? outcome = null;
        await target.TryAsync(async () => outcome = await target.Protocol.LoadAsync(work, index, cancellationToken));
        return new Dictionary<int, LoadResult> { [index] = new(outcome, target.Failure) };
    }

    private LoadWork CreateWork(FeedPlan plan, int number, bool single, FeedSchema schema, int lanes)
    {
        var rows = new RowAssemblerOptions
        {
            FeedName = plan.Feed.Name,
            NewFields = plan.Feed.SchemaEvolution switch
            {
                SchemaEvolution.Strict => NewFieldAction.Fail,
                SchemaEvolution.Ignore => NewFieldAction.Ignore,
                _ => NewFieldAction.Add,
            },
            KeyColumns = plan.Spec.Key,
            Limits = PartitionRules.Reserve(ValueLimits.Narrowest(_planned.Select(t => t.Destination.Capabilities.ValueLimits)), plan.Feed),
            ValueFormats = plan.Feed.ValueFormats,
            KeepRawText = state.Options.RejectText == RejectText.Keep,
        };
        return new LoadWork(
            plan, number, single, schema, Source, rows, lanes, state.Meter, state.Rejects, state.Warnings, options.Logger);
    }

    private int ActiveTargets() => Bits(Enumerable.Range(0, _planned.Count).Where(i => _planned[i].IsActive));

    private static int Bits(IEnumerable<int> indexes) => indexes.Aggregate(0, (all, i) => all | (1 << i));

    // System.Progress posts reports to the thread pool, which changes their order.
    private sealed class Progress(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
