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
/// Tells watchers what happens: again and again in a service (<see cref="RunAsync(CancellationToken)"/>), as often as somebody calls (<see
/// cref="TickAsync"/>), or after a run (<see cref="AfterRunAsync(RunResult, CancellationToken)"/>). Any number of them may work on one store at a
/// time; each message is sent by one of them.
/// </summary>
public sealed class WatcherService : IDisposable
{
    /// <summary>How often the history is looked at, when nothing is due: 5 seconds.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Somebody waits at a prompt.
    private static readonly TimeSpan AfterRun = TimeSpan.FromSeconds(15);

    // A scheduler calls again after a minute.
    private static readonly TimeSpan AfterAll = TimeSpan.FromSeconds(45);

    private readonly FeedEngine _engine;
    private readonly IWatcherSender _sender;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DeliveryMaker _maker;
    private readonly RunTeller _teller;
    private readonly RunWatch _runs;
    private readonly ArrivalWatch _arrivals;
    private readonly Outbox _outbox;
    private readonly TickLoop _loop;

    /// <summary>Works on the store of an engine.</summary>
    public WatcherService(FeedEngine engine)
        : this(engine, new WatcherSender(engine.Options.Secrets, engine.Options.Time))
    {
    }

    internal WatcherService(FeedEngine engine, IWatcherSender sender)
    {
        (_engine, _sender, _time) = (engine, sender, engine.Options.Time);
        _logger = engine.Options.Loggers.CreateLogger("PeakS3Feed.Watchers");
        _loop = new TickLoop(Interval, "Watchers cannot be told", _time, _logger);
        _maker = new DeliveryMaker(engine.Paths, _time);
        _teller = new RunTeller(engine.History, engine.Deliveries, _maker, _time);
        _runs = new RunWatch(engine.History, engine.Deliveries, _teller, _time);
        _arrivals = new ArrivalWatch(engine.History, engine.Deliveries, _maker, _time, _logger);
        _outbox = new Outbox(engine.Deliveries, engine.Store, sender, _time, _logger);
    }

    /// <summary>Finds out what watchers are to be told, and sends what is due.</summary>
    /// <returns>When there may be something to do again, but for runs that end; null when nothing is waited for.</returns>
    public async Task<DateTimeOffset?> TickAsync(CancellationToken cancellationToken)
    {
        var definitions = await _engine.Store.ReadAsync(cancellationToken);
        if (definitions.Watchers.Any(w => w.Enabled))
            await _engine.History.MarkDeadRunsAsync(cancellationToken: cancellationToken);
        var runs = await _runs.LookAsync(definitions, cancellationToken);
        var arrivals = await _arrivals.LookAsync(definitions, cancellationToken);
        await _outbox.SendDueAsync(cancellationToken);
        return new[] { runs, arrivals, await _engine.Deliveries.GetNextDueAsync(cancellationToken) }.Min();
    }

    /// <summary>Tells all watchers until it is stopped.</summary>
    public Task RunAsync(CancellationToken stopping) => _loop.RunAsync(TickAsync, stopping, stopping);

    /// <summary>
    /// Tells watchers while something goes on that ends by itself, and then all that is due by then, for 45 seconds at most: what is being sent is
    /// not given up, for its receiver may have it.
    /// </summary>
    /// <param name="ended">That it has ended.</param>
    /// <param name="aborting">Gives up what is being sent, too.</param>
    public async Task RunBesideAsync(CancellationToken ended, CancellationToken aborting)
    {
        await _loop.RunAsync(TickAsync, ended, aborting);
        var began = _time.GetTimestamp();
        while (!aborting.IsCancellationRequested && await _loop.TryAsync(TickAsync, aborting) is { } next && next <= _time.GetUtcNow()
            && _time.GetElapsedTime(began) < AfterAll)
        {
            // There is more.
        }
    }

    /// <summary>Wakes the service up, for a run has ended in this process; what its error advises is told as well.</summary>
    public void OnEnded(RunResult result)
    {
        if (!result.IsWatched)
            return;
        if (result.FeedError?.Hint is { } hint)
            _runs.Remember(result.Run.Id, hint);
        _loop.Wake();
    }

    /// <summary>
    /// Tells watchers of a run that has just ended, where no service may be there to do so: each message is sent once, and waited for 15 seconds at
    /// most. Never throws; what was not taken is sent again by whoever comes next. Costs nothing where <see cref="RunResult.IsWatched"/> is false.
    /// </summary>
    public Task AfterRunAsync(RunResult result, CancellationToken cancellationToken)
        => result.IsWatched ? AfterRunAsync(result.Run, result.FeedError?.Hint, cancellationToken) : Task.CompletedTask;

    /// <summary>The same for a run from the history.</summary>
    public Task AfterRunAsync(S3FeedRun run, CancellationToken cancellationToken) => AfterRunAsync(run, hint: null, cancellationToken);

    /// <summary>Sends a test message now, and once.</summary>
    public async Task<WatcherCheck> TestAsync(S3FeedWatcher watcher, CancellationToken cancellationToken)
    {
        try
        {
            await _sender.SendAsync(watcher, Guid.NewGuid(), _maker.Test(watcher), cancellationToken);
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
            var made = await _teller.TellAsync(run, hint, definitions.Watchers.Where(w => w.Enabled), definitions, either.Token);
            await _outbox.SendAsync(made, either.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Somebody has no more patience. What was not told is told by whoever comes next.
        }
        catch (Exception e)
        {
            _logger.LogWarning("Watchers could not be told of run {Run}: {Reason}", run.Id, e.Message);
        }
    }
}

/// <summary>Whether a test message of a watcher was taken.</summary>
/// <param name="WatcherName">The watcher.</param>
/// <param name="Target">The server that was asked to take it.</param>
/// <param name="Passed">Whether it did.</param>
/// <param name="Message">What happened, in a sentence.</param>
public sealed record WatcherCheck(string WatcherName, string Target, bool Passed, string Message)
{
    /// <summary>How to fix it, or null.</summary>
    public string? Hint { get; init; }
}
