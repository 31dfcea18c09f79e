using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>How often and after what delays a commit is tried again when the connection is lost.</summary>
public sealed record CommitRetry
{
    /// <summary>The maximum number of attempts, including the first.</summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>The wait before the second attempt; doubled each time.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Returns the wait before an attempt, from 2.</summary>
    public TimeSpan DelayBefore(int attempt)
        => TimeSpan.FromTicks((long)Math.Min(MaxDelay.Ticks, FirstDelay.Ticks * Math.Pow(2, Math.Max(0, attempt - 2))));
}

/// <summary>
/// A run's session with its destination. Opens it when it is needed, opens another when it is lost, and repeats what was in progress.
/// </summary>
internal sealed class SessionRetry(
    IDestination destination, LoadTarget target, CommitRetry retry, ILogger logger, TimeProvider time) : IAsyncDisposable
{
    private ITableSession? _session;
    private Task<ITableSession>? _opening;
    private bool _reached;
    private bool _locks;
    private bool _hasLocked;

    private LoadTarget Target => target;

    private ILogger Logger => logger;

    private int MaxAttempts => retry.MaxAttempts;

    /// <summary>
    /// Does something that may be repeated. A destination that was never reached is not tried again, since its definition may be wrong,
    /// unless a server answers that it is starting.
    /// </summary>
    /// <param name="action">What to do with an open session.</param>
    /// <param name="locks">Whether other runs of the feed must be kept out.</param>
    /// <param name="inDoubt">Whether the outcome of a commit is unknown: then the destination must be asked, whatever has failed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<T> DoAsync<T>(Func<ITableSession, Task<T>> action, bool locks, Func<bool> inDoubt, CancellationToken cancellationToken)
        => DoAsync([this], sessions => action(sessions[0]), locks, inDoubt, cancellationToken);

    /// <summary>
    /// Does something that needs a session with each of several destinations and changes nothing there. When one is lost, all are opened again: an
    /// error does not say which destination it comes from, and the attempts of one must not multiply those of another.
    /// </summary>
    public static Task<T> DoAsync<T>(
        IReadOnlyList<SessionRetry> all, Func<IReadOnlyList<ITableSession>, Task<T>> action, CancellationToken cancellationToken)
        => DoAsync(all, action, locks: false, inDoubt: () => false, cancellationToken);

    private static async Task<T> DoAsync<T>(
        IReadOnlyList<SessionRetry> all, Func<IReadOnlyList<ITableSession>, Task<T>> action, bool locks, Func<bool> inDoubt,
        CancellationToken cancellationToken)
    {
        var first = all[0];
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                List<ITableSession> sessions = [];
                foreach (var each in all)
                    sessions.Add(await each.OpenAsync(locks, cancellationToken));
                return await action(sessions);
            }
            catch (LoadRestartException e)
            {
                // A restart uses no attempt: those are for lost connections. It ends, because each restart removes at least one object or row from
                // the load, or takes another random token.
                first.Logger.LogInformation("{Reason}", e.Message);
                attempt--;
            }
            catch (Exception e) when (
                attempt < first.MaxAttempts && all.Any(s => s.MayRetry(e, inDoubt())) && !cancellationToken.IsCancellationRequested)
            {
                var delay = first.DelayBefore(attempt + 1);
                first.Logger.LogWarning("{Reason} Trying again in {Delay}.", e.Message, delay);
                foreach (var each in all)
                    await each.DisposeAsync();
                await first.PauseAsync(delay, inDoubt, cancellationToken);
            }
            catch (Exception e) when (inDoubt() && !IsOvertaken(e))
            {
                throw CommitErrors.OutcomeUnknown(first.Target, e);
            }
            catch (Exception e) when (e is not (FeedException or OperationCanceledException))
            {
                var translated = all.Select(s => s._session?.Translate(e)).FirstOrDefault(t => t is not null && !ReferenceEquals(t, e)) ?? e;
                if (cancellationToken.IsCancellationRequested)
                    throw new OperationCanceledException(translated.Message, e, cancellationToken);
                if (ReferenceEquals(translated, e))
                    throw;
                throw translated;
            }
        }
    }

    /// <summary>
    /// Begins to open the session, beside what else the run does at its start. The first action waits for it, and throws what went wrong.
    /// </summary>
    /// <param name="cancellationToken">Stops it. To be cancelled before <see cref="DisposeAsync"/>, which waits for it.</param>
    public void BeginOpening(CancellationToken cancellationToken)
        => _opening = Task.Run(() => destination.OpenAsync(target, cancellationToken), CancellationToken.None);

    /// <summary>Closes the session, if there is one; the next action opens another.</summary>
    public async ValueTask DisposeAsync()
    {
        var (session, opening) = (_session, _opening);
        (_session, _opening, _locks) = (null, null, false);
        try
        {
            if (opening is not null)
                session = await opening;
            if (session is not null)
                await session.DisposeAsync();
        }
        catch (Exception e)
        {
            logger.LogDebug(e, "Closing a session failed.");
        }
    }

    private async Task<ITableSession> OpenAsync(bool locks, CancellationToken cancellationToken)
    {
        if (_session is null)
        {
            _session = await (_opening?.WaitAsync(cancellationToken) ?? destination.OpenAsync(target, cancellationToken));
            _opening = null;
            logger.LogDebug("Opened a session with the destination of table {Table}.", target.Table);
        }
        _reached = true;
        if (locks && !_locks)
        {
            await _session.LockAsync(cancellationToken);
            _locks = _hasLocked = true;
        }
        return _session;
    }

    private TimeSpan DelayBefore(int attempt) => retry.DelayBefore(attempt);

    // A person who cancels while the outcome of a commit is unknown learns that, not that the run was simply stopped.
    private async Task PauseAsync(TimeSpan delay, Func<bool> inDoubt, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, time, cancellationToken);
        }
        catch (OperationCanceledException e) when (inDoubt())
        {
            throw CommitErrors.OutcomeUnknown(target, e);
        }
    }

    // After a lost connection the server may keep our own run lock for a moment longer.
    private bool MayRetry(Exception exception, bool inDoubt)
        => (inDoubt && !IsOvertaken(exception) && exception is not OperationCanceledException)
            || (_hasLocked && exception is FeedException { Id: "FeedAlreadyRunning" })
            || exception is FeedException { Id: "DestinationNotReady" }
            || (_session is { } session
                ? session.Classify(exception) == FaultKind.Transient
                : _reached && exception is FeedException { Id: "DestinationUnreachable" });

    private static bool IsOvertaken(Exception exception) => exception is FeedException { Id: "RunOvertaken" };
}
