using Microsoft.Extensions.Logging;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Serving;

/// <summary>
/// Runs feeds when their triggers fire: again and again in a service (<see cref="RunAsync(CancellationToken)"/>), or as often as somebody calls
/// (<see cref="TickAsync(Predicate{S3FeedTrigger}, CancellationToken)"/>). Any number of them may work on one store at a time; each fire is run by
/// one of them.
/// </summary>
public sealed class TriggerService : IDisposable
{
    private readonly FeedEngine _engine;
    private readonly TriggerServiceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DueFires _due;
    private readonly FireRunner _runner;
    private readonly TickLoop _loop;

    /// <summary>Works on the store of an engine.</summary>
    public TriggerService(FeedEngine engine, TriggerServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        (_engine, _options, _time) = (engine, options ?? new(), engine.Options.Time);
        _logger = engine.Options.Loggers.CreateLogger("PeakS3Feed.Triggers");
        _loop = new TickLoop(_options.Interval, "Triggers cannot be looked at", _time, _logger);
        _due = new DueFires(engine.Store, engine.Fires, _time, _logger);
        _runner = new FireRunner(new FireRunnerParts
        {
            Log = engine.Fires,
            Store = engine.Store,
            StateDirectory = engine.Paths.StateDirectory,
            Run = _options.Run ?? ((name, run, ct) => engine.RunAsync(
                name, run with { MaxParallelism = _options.MaxParallelism }, accessKey: null, progress: null, ct)),
            Failed = FailedAsync,
            OnEnded = OnEnded,
            MaxRuns = _options.MaxRuns,
            Time = _time,
            Logger = _logger,
        });
    }

    /// <summary>Takes over what dead workers left, decides about all that is due by now, and starts what is queued.</summary>
    /// <param name="fits">Which triggers' schedules are looked at; null for all.</param>
    /// <param name="stopping">Stops the runs that were started, too.</param>
    /// <returns>When the next fire is due by a schedule; null when none is.</returns>
    public Task<DateTimeOffset?> TickAsync(Predicate<S3FeedTrigger>? fits, CancellationToken stopping)
        => LeavingNothingAsync(() => TickAsync(fits, stopping, stopping));

    private async Task<DateTimeOffset?> TickAsync(Predicate<S3FeedTrigger>? fits, CancellationToken stopping, CancellationToken aborting)
    {
        await _runner.RecoverAsync(stopping);
        var next = await _due.DecideAsync(fits, stopping);
        await _runner.StartQueuedAsync(stopping, aborting);
        return next;
    }

    /// <summary>
    /// Runs all that is queued, and what is queued meanwhile, to its end. While runs are under way that were so at the beginning, what becomes due
    /// is run as well, so that a long run keeps no other feed waiting where a scheduler calls nobody else meanwhile.
    /// </summary>
    /// <param name="fits">Which triggers' schedules are looked at; null for all.</param>
    /// <param name="stopping">Stops the runs, too.</param>
    public Task DrainAsync(Predicate<S3FeedTrigger>? fits, CancellationToken stopping) => LeavingNothingAsync(async () =>
    {
        Task? first = null;
        while (true)
        {
            var wasIdle = _runner.Running.Count == 0;
            await (first is { IsCompleted: false } ? TickAsync(fits, stopping, stopping) : _runner.StartQueuedAsync(stopping, stopping));
            first ??= _runner.WhenIdleAsync();
            // What ended while we looked may have left something in the queue.
            if (wasIdle && _runner.Running.Count == 0)
                return true;
            await _runner.WhenOneEndedAsync(_options.Interval, stopping);
        }
    });

    /// <summary>Has a trigger's feed run as soon as may be: because of a request, or because somebody wants it.</summary>
    /// <param name="trigger">The trigger.</param>
    /// <param name="requestId">The id that its sender gave the request; one that comes again fires nothing. Null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The id of the run that will have seen all that has arrived by now.</returns>
    /// <exception cref="FeedException"><c>FeedNotFound</c>, <c>FeedDisabled</c>.</exception>
    public async Task<Guid> FireAsync(S3FeedTrigger trigger, string? requestId, CancellationToken cancellationToken)
        => await FireAsync(await _engine.Store.ReadAsync(cancellationToken), trigger, requestId, cancellationToken);

    /// <summary>The same for a caller that has the definitions: nothing is read.</summary>
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

    /// <summary>Fires all triggers when they are due, until it is stopped; then the runs under way are stopped, too, and awaited.</summary>
    public Task RunAsync(CancellationToken stopping) => RunAsync(stopping, stopping);

    /// <summary>The same, with time for the runs to come to their end.</summary>
    /// <param name="stopping">Begins no further run; those under way are awaited.</param>
    /// <param name="aborting">Stops those, too.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        await _loop.RunAsync(c => TickAsync(fits: null, c, aborting), stopping, stopping);
        await _runner.WhenIdleAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runner.Dispose();
        _loop.Dispose();
    }

    // Whoever calls this has nobody who looks after runs that go on.
    private async Task<T> LeavingNothingAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
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

    // Nobody sees the error of a run that nobody asked for, unless it is a run.
    private async Task<RunResult> FailedAsync(S3Feed feed, Guid id, Exception error)
    {
        if (await _engine.History.FindAsync(id) is { } begun)
            return new RunResult(begun, error, []);
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

/// <summary>What a <see cref="TriggerService"/> is made with.</summary>
public sealed record TriggerServiceOptions
{
    /// <summary>How many feeds are run at a time: 4.</summary>
    public int MaxRuns { get; init; } = 4;

    /// <summary>How many objects a run may read at a time; see <see cref="RunOptions.MaxParallelism"/>.</summary>
    public int MaxParallelism { get; init; } = RunOptions.DefaultMaxParallelism;

    /// <summary>How often the store and the queue are looked at, when nothing is due: 5 seconds. Others may have changed them.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Receives each run that has ended.</summary>
    public Action<RunResult> OnEnded { get; init; } = _ => { };

    /// <summary>Runs a feed of that name; null for the engine.</summary>
    internal Func<string, RunOptions, CancellationToken, Task<RunResult>>? Run { get; init; }
}
