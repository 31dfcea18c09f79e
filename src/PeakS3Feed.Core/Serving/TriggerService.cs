using Microsoft.Extensions.Logging;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Serving;

/// <summary>
/// Runs feeds when their triggers fire: again and again in a service (<see cref="RunAsync(CancellationToken)"/>), or as often as somebody calls (<see cref="TickAsync(Predicate{S3FeedTrigger}, CancellationToken)"/>). Any
/// number of them may work on one store at a time; each fire is run by one of them.
/// </summary>
public sealed class TriggerService : IDisposable
{
    private readonly FeedEngine _engine;
    private readonly TriggerServiceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DueFires _due;
    private readonly FireRunner _runner;
    private readonly SemaphoreSlim _awake = new(0, 1);
    private string? _trouble;

    /// <summary>Works on the store of an engine.</summary>
    public TriggerService(FeedEngine engine, TriggerServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        (_engine, _options, _time) = (engine, options ?? new(), engine.Options.Time);
        _logger = engine.Options.Loggers.CreateLogger("PeakS3Feed.Triggers");
        _due = new DueFires(engine.Store, engine.Fires, _time, _logger);
        _runner = new FireRunner(new FireRunnerParts
        {
            Log = engine.Fires,
            Store = engine.Store,
            StateDirectory = engine.Paths.StateDirectory,
            Run = _options.Run ?? ((name, run, ct) => engine.RunAsync(name, run, accessKey: null, progress: null, ct)),
            OnEnded = OnEnded,
            MostRuns = _options.MostRuns,
            Time = _time,
            Logger = _logger,
        });
    }

    /// <summary>Takes over what dead workers left, decides about all that is due by now, and starts what is queued.</summary>
    /// <param name="fits">Which triggers' schedules are looked at; null for all.</param>
    /// <param name="stopping">Stops the runs that were started, too.</param>
    /// <returns>When the next fire is due by a schedule; null when none is.</returns>
    public Task<DateTimeOffset?> TickAsync(Predicate<S3FeedTrigger>? fits, CancellationToken stopping) => TickAsync(fits, stopping, stopping);

    private async Task<DateTimeOffset?> TickAsync(Predicate<S3FeedTrigger>? fits, CancellationToken stopping, CancellationToken aborting)
    {
        await _runner.RecoverAsync(stopping);
        var next = await _due.DecideAsync(fits, stopping);
        await _runner.StartQueuedAsync(stopping, aborting);
        return next;
    }

    /// <summary>Runs all that is queued, and what is queued meanwhile, to its end.</summary>
    public async Task DrainAsync(CancellationToken stopping)
    {
        while (true)
        {
            await _runner.StartQueuedAsync(stopping, stopping);
            if (_runner.Running.Count == 0)
                return;
            await _runner.WhenOneEndedAsync();
        }
    }

    /// <summary>Has a trigger's feed run as soon as may be: because of a request, or because somebody wants it.</summary>
    /// <param name="trigger">The trigger.</param>
    /// <param name="requestId">The id that its sender gave the request; one that comes again fires nothing. Null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The id of the run that will have seen all that has arrived by now.</returns>
    /// <exception cref="FeedException"><c>FeedNotFound</c>.</exception>
    public async Task<Guid> FireAsync(S3FeedTrigger trigger, string? requestId, CancellationToken cancellationToken)
    {
        var feed = (await _engine.Store.ReadAsync(cancellationToken)).GetFeed(trigger.FeedName);
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
        Wake();
        return run;
    }

    /// <summary>Fires all triggers when they are due, until it is stopped; then the runs under way are stopped, too, and awaited.</summary>
    public Task RunAsync(CancellationToken stopping) => RunAsync(stopping, stopping);

    /// <summary>The same, with time for the runs to come to their end.</summary>
    /// <param name="stopping">Begins no further run; those under way are awaited.</param>
    /// <param name="aborting">Stops those, too.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
                await WaitAsync(await TryTickAsync(stopping, aborting), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // That is how it ends.
        }
        await _runner.WhenIdleAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runner.Dispose();
        _awake.Dispose();
    }

    private void OnEnded(Feeds.Running.RunResult result)
    {
        _options.OnEnded(result);
        Wake();
    }

    private void Wake()
    {
        try
        {
            _awake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake.
        }
    }

    // What is wrong with the store may be mended while we wait.
    private async Task<DateTimeOffset?> TryTickAsync(CancellationToken stopping, CancellationToken aborting)
    {
        try
        {
            var next = await TickAsync(fits: null, stopping, aborting);
            _trouble = null;
            return next;
        }
        catch (FeedException e)
        {
            // Once, and not every few seconds.
            if (e.Message != _trouble)
                _logger.LogError("Triggers cannot be looked at: {Reason} {Hint}", e.Message, e.Hint);
            _trouble = e.Message;
            return null;
        }
    }

    private async Task WaitAsync(DateTimeOffset? next, CancellationToken stopping)
    {
        var wait = next - _time.GetUtcNow() is { } until && until < _options.Interval ? until : _options.Interval;
        if (wait <= TimeSpan.Zero)
            return;
        using var over = new CancellationTokenSource(wait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stopping);
        try
        {
            await _awake.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // It is time.
        }
    }
}
