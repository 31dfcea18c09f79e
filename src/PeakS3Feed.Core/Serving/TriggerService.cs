using Microsoft.Extensions.Logging;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving.Queues;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Serving;

/// <summary>
/// Runs feeds when their triggers fire: continuously in a service (<see cref="RunAsync(CancellationToken)"/>), or once for each call of
/// <see cref="TickAsync(Predicate{S3FeedTrigger}, CancellationToken)"/>. Several processes may work on one store at a time; exactly one of them
/// runs a fire.
/// </summary>
public sealed class TriggerService : IDisposable
{
    private readonly FeedEngine _engine;
    private readonly TriggerServiceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DueFires _due;
    private readonly ArrivalFires _arrivals;
    private readonly QueueReaders _queues;
    private readonly FireRunner _runner;
    private readonly TickLoop _loop;

    /// <summary>Creates a service for the store of an engine.</summary>
    public TriggerService(FeedEngine engine, TriggerServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        (_engine, _options, _time) = (engine, options ?? new(), engine.Options.Time);
        _logger = engine.Options.Loggers.CreateLogger("PeakS3Feed.Triggers");
        _loop = new TickLoop(_options.Interval, "Triggers cannot be processed", _time, _logger);
        _due = new DueFires(engine.Store, engine.Fires, _time, _logger);
        _arrivals = new ArrivalFires(engine.Store, engine.Arrivals, engine.Listings, _time);
        _queues = new QueueReaders(engine, _loop.Wake, engine.Options.Loggers.CreateLogger("PeakS3Feed.Queues"));
        _runner = new FireRunner(new FireRunnerParts
        {
            Log = engine.Fires,
            Store = engine.Store,
            Kinds = engine.Options.Kinds,
            // Feeds that share a table run at the same time: a short one must not wait for hours until a long one has ended.
            Conflicts = new RunConflicts(engine.Options.Kinds, engine.Paths.StateDirectory, tables: false),
            StateDirectory = engine.Paths.StateDirectory,
            Run = _options.Run ?? RunAsync,
            Failed = FailedAsync,
            OnEnded = OnEnded,
            MaxRuns = _options.MaxRuns,
            Time = _time,
            Logger = _logger,
        });
    }

    /// <summary>
    /// Reads the queues of triggers, queues the fires of dead workers again, decides about all fires due by now, and starts queued fires.
    /// </summary>
    /// <param name="filter">The triggers whose schedules and queues are checked; null for all.</param>
    /// <param name="stopping">Also stops the runs that were started.</param>
    /// <returns>When a schedule's next fire is due; null if there is none.</returns>
    public Task<DateTimeOffset?> TickAsync(Predicate<S3FeedTrigger>? filter, CancellationToken stopping)
        => AwaitRunsOnErrorAsync(() => ReadAndTickAsync(filter, stopping));

    /// <summary>
    /// Finds the triggers whose feeds a tick would run: those that are due, those whose queue it would read, and all that have a fire that waits or
    /// whose worker has died. Changes nothing.
    /// </summary>
    /// <param name="filter">The triggers whose schedules are checked; null for all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyList<S3FeedTrigger>> FindDueAsync(Predicate<S3FeedTrigger>? filter, CancellationToken cancellationToken)
    {
        var due = (await _due.FindAsync(filter, cancellationToken)).Select(t => t.Id).ToHashSet();
        due.UnionWith((await _engine.Fires.ListQueuedAsync(cancellationToken)).Select(f => f.TriggerId));
        due.UnionWith((await _engine.Fires.ListStartedAsync(cancellationToken))
            .Where(f => f.Worker is { } worker && WorkerPresence.HasEnded(_engine.Paths.StateDirectory, worker)).Select(f => f.TriggerId));
        var definitions = await _engine.Store.ReadAsync(cancellationToken);
        var queues = QueueTriggers.FindQueues(definitions, filter);
        return [.. definitions.Triggers.Where(
            t => due.Contains(t.Id) || (t.Enabled && filter?.Invoke(t) != false && t.Queue is { } url && queues.Contains(url.TrimEnd('/'))))];
    }

    private async Task<DateTimeOffset?> ReadAndTickAsync(Predicate<S3FeedTrigger>? filter, CancellationToken stopping)
    {
        await _queues.ReadOnceAsync(filter, stopping);
        return await TickAsync(filter, stopping, stopping);
    }

    private async Task<DateTimeOffset?> TickAsync(Predicate<S3FeedTrigger>? filter, CancellationToken stopping, CancellationToken aborting)
    {
        await _runner.RecoverAsync(stopping);
        var next = await _due.DecideAsync(filter, stopping);
        await _arrivals.FireAsync(filter, stopping);
        await _runner.StartQueuedAsync(stopping, aborting);
        return next;
    }

    /// <summary>
    /// Runs all queued fires to their end, including those that are queued while it waits. Until the runs that were active at the beginning have
    /// ended, fires that become due are run as well: where a scheduler starts one process at a time, a long run does not delay other feeds.
    /// </summary>
    /// <param name="filter">The triggers whose schedules are checked; null for all.</param>
    /// <param name="stopping">Also stops the runs.</param>
    public Task DrainAsync(Predicate<S3FeedTrigger>? filter, CancellationToken stopping) => AwaitRunsOnErrorAsync(async () =>
    {
        Task? first = null;
        while (true)
        {
            var wasIdle = _runner.Running.Count == 0;
            await (first is { IsCompleted: false } ? ReadAndTickAsync(filter, stopping) : _runner.StartQueuedAsync(stopping, stopping));
            first ??= _runner.WhenIdleAsync();
            // A run that ended during this step may have queued another fire.
            if (wasIdle && _runner.Running.Count == 0)
                return true;
            await _runner.WhenOneEndedAsync(_options.Interval, stopping);
        }
    });

    /// <summary>Queues a run of a trigger's feed, for a webhook request or at a person's wish.</summary>
    /// <param name="trigger">The trigger.</param>
    /// <param name="requestId">The id that the sender gave its request, or null. A request with a known id queues nothing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The id of the run that will load all that has arrived by now.</returns>
    /// <exception cref="FeedException"><c>FeedNotFound</c>, <c>FeedDisabled</c>.</exception>
    public async Task<Guid> FireAsync(S3FeedTrigger trigger, string? requestId, CancellationToken cancellationToken)
        => await FireAsync(await _engine.Store.ReadAsync(cancellationToken), trigger, requestId, cancellationToken);

    /// <summary>The same for a caller that has the definitions; the file is not read again.</summary>
    public async Task<Guid> FireAsync(StoreDefinitions definitions, S3FeedTrigger trigger, string? requestId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        ArgumentNullException.ThrowIfNull(trigger);
        var feed = definitions.GetFeed(trigger.FeedName);
        if (!feed.Enabled)
            throw FeedRunErrors.Disabled(feed);
        var now = _time.GetUtcNow();
        var run = await _engine.Fires.EnqueueAsync(
            new S3FeedFire
            {
                Id = Guid.NewGuid(),
                TriggerId = trigger.Id,
                TriggerName = trigger.Name,
                FeedId = feed.Id,
                Scheduled = false,
                DueAt = now,
                State = FireState.Queued,
                DecidedAt = now,
                RunId = Guid.NewGuid(),
            },
            requestId,
            cancellationToken);
        _loop.Wake();
        return run;
    }

    /// <summary>Fires all triggers when they are due. When <paramref name="stopping"/> is canceled, stops the active runs and awaits them.</summary>
    public Task RunAsync(CancellationToken stopping) => RunAsync(stopping, stopping);

    /// <summary>The same, but lets the active runs end first.</summary>
    /// <param name="stopping">Starts no further run, and awaits those that are active.</param>
    /// <param name="aborting">Stops the active runs.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        await _loop.RunAsync(
            async c =>
            {
                await _queues.FollowAsync(c);
                return await TickAsync(filter: null, c, aborting);
            },
            stopping, stopping);
        await _queues.StopAsync();
        await _runner.WhenIdleAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runner.Dispose();
        _loop.Dispose();
    }

    private async Task<RunResult> RunAsync(string feed, RunOptions run, CancellationToken cancellationToken)
    {
        using var view = _options.View?.Invoke(feed);
        return await _engine.RunAsync(feed, run with { MaxParallelism = _options.MaxParallelism }, accessKey: null, view, cancellationToken);
    }

    // After an error the caller has no service that would await the active runs.
    private async Task<T> AwaitRunsOnErrorAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception)
        {
            await _runner.WhenIdleAsync();
            throw;
        }
    }

    private void OnEnded(RunResult result)
    {
        _options.OnEnded(result);
        _loop.Wake();
    }

    // Records the failure as a run, because nobody sees the error of an unattended run otherwise.
    private async Task<RunResult> FailedAsync(S3Feed feed, Guid id, Exception error)
    {
        if (await _engine.History.FindAsync(id) is { } started)
            return new RunResult(started, error, []);
        var now = _time.GetUtcNow();
        var run = new S3FeedRun
        {
            Id = id, FeedId = feed.Id, FeedName = feed.Name, Status = RunStatus.Failed, StartedAt = now, EndedAt = now,
            ErrorId = (error as FeedException)?.Id, Error = error.Message, Host = Environment.MachineName, ProcessId = Environment.ProcessId,
        };
        await _engine.History.StartAsync(run);
        return new RunResult(run, error, []) { IsWatched = true };
    }
}

/// <summary>The options of a <see cref="TriggerService"/>.</summary>
public sealed record TriggerServiceOptions
{
    /// <summary>The default of <see cref="MaxRuns"/>: 4.</summary>
    public const int DefaultMaxRuns = 4;

    /// <summary>The maximum number of feeds that run at a time.</summary>
    public int MaxRuns { get; init; } = DefaultMaxRuns;

    /// <summary>The maximum number of objects that a run reads at a time; see <see cref="RunOptions.MaxParallelism"/>.</summary>
    public int MaxParallelism { get; init; } = RunOptions.DefaultMaxParallelism;

    /// <summary>The longest wait between two checks of store and queue, which other processes may change: 5 seconds.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Is called with the result of each run.</summary>
    public Action<RunResult> OnEnded { get; init; } = _ => { };

    /// <summary>Creates the view of the run of a feed. Is called when the run starts, on any thread; or null.</summary>
    public Func<string, IRunView>? View { get; init; }

    /// <summary>Runs the feed with this name; null for the engine.</summary>
    internal Func<string, RunOptions, CancellationToken, Task<RunResult>>? Run { get; init; }
}
