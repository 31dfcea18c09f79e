using Microsoft.Extensions.Logging;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving.Watching;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Sending;

namespace PeakS3Feed.Serving;

/// <summary>
/// Sends the messages of watchers: continuously in a service (<see cref="RunAsync(CancellationToken)"/>), once for each call of
/// <see cref="TickAsync"/>, or after a run (<see cref="AfterRunAsync(RunResult, CancellationToken)"/>). Several processes may work on one store at a
/// time; exactly one of them sends a message.
/// </summary>
public sealed class WatcherService : IDisposable
{
    /// <summary>The longest wait between two checks of the history: 5 seconds.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // A person waits at a prompt.
    private static readonly TimeSpan AfterRun = TimeSpan.FromSeconds(15);

    // A scheduler starts the next process after a minute.
    private static readonly TimeSpan AfterAll = TimeSpan.FromSeconds(45);

    private readonly FeedEngine _engine;
    private readonly IWatcherSender _sender;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DeliveryFactory _deliveryFactory;
    private readonly RunNotifier _notifier;
    private readonly RunWatch _runs;
    private readonly ArrivalWatch _arrivals;
    private readonly Outbox _outbox;
    private readonly TickLoop _loop;

    /// <summary>Creates a service for the store of an engine.</summary>
    public WatcherService(FeedEngine engine)
        : this(engine, new WatcherSender(engine.Options.Secrets, engine.Options.Time))
    {
    }

    internal WatcherService(FeedEngine engine, IWatcherSender sender)
    {
        (_engine, _sender, _time) = (engine, sender, engine.Options.Time);
        _logger = engine.Options.Loggers.CreateLogger("PeakS3Feed.Watchers");
        _loop = new TickLoop(Interval, "Watchers cannot be notified", _time, _logger);
        _deliveryFactory = new DeliveryFactory(engine.Paths, _time);
        _notifier = new RunNotifier(engine.History, engine.Deliveries, _deliveryFactory, _time);
        _runs = new RunWatch(engine.History, engine.Deliveries, _notifier, _time);
        _arrivals = new ArrivalWatch(engine.History, engine.Deliveries, _deliveryFactory, _time, _logger);
        _outbox = new Outbox(engine.Deliveries, engine.Store, sender, _time, _logger);
    }

    /// <summary>Detects events, creates their messages, and sends messages that are due.</summary>
    /// <returns>When the next step is due, unless a run ends earlier; null if there is nothing to wait for.</returns>
    public async Task<DateTimeOffset?> TickAsync(CancellationToken cancellationToken)
    {
        var definitions = await _engine.Store.ReadAsync(cancellationToken);
        if (definitions.Watchers.Any(w => w.Enabled))
            await _engine.History.MarkDeadRunsAsync(cancellationToken: cancellationToken);
        var runs = await _runs.CheckAsync(definitions, cancellationToken);
        var arrivals = await _arrivals.CheckAsync(definitions, cancellationToken);
        await _outbox.SendDueAsync(cancellationToken);
        return new[] { runs, arrivals, await _engine.Deliveries.GetNextDueAsync(cancellationToken) }.Min();
    }

    /// <summary>Detects events and sends messages until it is stopped.</summary>
    public Task RunAsync(CancellationToken stopping) => _loop.RunAsync(TickAsync, stopping, stopping);

    /// <summary>
    /// Sends messages while other work is running, and then all that are due, for at most 45 seconds. A message that is being sent is not
    /// interrupted, because its receiver may already have it.
    /// </summary>
    /// <param name="ended">Is canceled when the work has ended.</param>
    /// <param name="aborting">Also interrupts the message that is being sent.</param>
    public async Task RunBesideAsync(CancellationToken ended, CancellationToken aborting)
    {
        await _loop.RunAsync(TickAsync, ended, aborting);
        var start = _time.GetTimestamp();
        while (!aborting.IsCancellationRequested && await _loop.TryAsync(TickAsync, aborting) is { } next && next <= _time.GetUtcNow()
            && _time.GetElapsedTime(start) < AfterAll)
        {
            // More messages are due.
        }
    }

    /// <summary>Starts a step now, because a run has ended in this process. The hint of its error becomes part of the message.</summary>
    public void OnEnded(RunResult result)
    {
        if (!result.IsWatched)
            return;
        if (result.FeedError?.Hint is { } hint)
            _runs.Remember(result.Run.Id, hint);
        _loop.Wake();
    }

    /// <summary>
    /// Notifies of a run that has just ended, in case no service is running: tries each message once, for at most 15 seconds in all. Never throws;
    /// the next process sends what was not accepted. Does nothing if <see cref="RunResult.IsWatched"/> is false.
    /// </summary>
    public Task AfterRunAsync(RunResult result, CancellationToken cancellationToken)
        => result.IsWatched ? AfterRunAsync(result.Run, result.FeedError?.Hint, cancellationToken) : Task.CompletedTask;

    /// <summary>The same for a run from the history.</summary>
    public Task AfterRunAsync(S3FeedRun run, CancellationToken cancellationToken) => AfterRunAsync(run, hint: null, cancellationToken);

    /// <summary>Sends a test message now, without further attempts.</summary>
    public async Task<WatcherCheck> TestAsync(S3FeedWatcher watcher, CancellationToken cancellationToken)
    {
        try
        {
            await _sender.SendAsync(watcher, Guid.NewGuid(), _deliveryFactory.Test(watcher), cancellationToken);
            return new(watcher.Name, watcher.Target, Passed: true, watcher.Kind == WatcherKind.Email
                ? $"The mail server accepted a message for {string.Join(", ", watcher.To)}." : "The URL accepted a message.");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(watcher.Name, watcher.Target, Passed: false, e.Message) { Hint = (e as FeedException)?.Hint };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (_sender as IDisposable)?.Dispose();
        _loop.Dispose();
    }

    private async Task AfterRunAsync(S3FeedRun run, string? hint, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AfterRun, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var definitions = await _engine.Store.ReadAsync(either.Token);
            var added = await _notifier.AddMessagesAsync(run, hint, definitions.Watchers.Where(w => w.Enabled), definitions, either.Token);
            await _outbox.SendAsync(added, either.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The user canceled. The next process sends the rest.
        }
        catch (Exception e)
        {
            _logger.LogWarning("Watchers could not be notified of run {Run}: {Reason}", run.Id, e.Message);
        }
    }
}

/// <summary>The result of a test message.</summary>
/// <param name="WatcherName">The watcher.</param>
/// <param name="Target">The server that receives the message.</param>
/// <param name="Passed">Whether the server accepted it.</param>
/// <param name="Message">The result, as a sentence.</param>
public sealed record WatcherCheck(string WatcherName, string Target, bool Passed, string Message)
{
    /// <summary>How to fix the problem, or null.</summary>
    public string? Hint { get; init; }
}
