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
    private bool _reached;
    private bool _locks;
    private bool _hasLocked;

    /// <summary>
    /// Does something that may be repeated. A destination that was never reached is not tried again, since its definition may be wrong,
    /// unless a server answers that it is starting.
    /// </summary>
    /// <param name="action">What to do with an open session.</param>
    /// <param name="locks">Whether other runs of the feed must be kept out.</param>
    /// <param name="inDoubt">Whether the outcome of a commit is unknown: then the destination must be asked, whatever has failed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<T> DoAsync<T>(Func<ITableSession, Task<T>> action, bool locks, Func<bool> inDoubt, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await action(await OpenAsync(locks, cancellationToken));
            }
            catch (LoadRestartException e)
            {
                // A restart uses no attempt: those are for lost connections. It ends, because each restart removes at least one object or row from
                // the load.
                logger.LogInformation("{Reason}", e.Message);
                attempt--;
            }
            catch (Exception e) when (attempt < retry.MaxAttempts && MayRetry(e, inDoubt()) && !cancellationToken.IsCancellationRequested)
            {
                var delay = retry.DelayBefore(attempt + 1);
                logger.LogWarning("{Reason} Trying again in {Delay}.", e.Message, delay);
                await DisposeAsync();
                await PauseAsync(delay, inDoubt, cancellationToken);
            }
            catch (Exception e) when (inDoubt() && !IsOvertaken(e))
            {
                throw CommitErrors.OutcomeUnknown(target, e);
            }
            catch (Exception e) when (e is not (FeedException or OperationCanceledException))
            {
                var translated = _session?.Translate(e) ?? e;
                if (cancellationToken.IsCancellationRequested)
                    throw new OperationCanceledException(translated.Message, e, cancellationToken);
                if (ReferenceEquals(translated, e))
                    throw;
                throw translated;
            }
        }
    }

    /// <summary>Closes the session, if there is one; the next action opens another.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_session is not { } session)
            return;
        (_session, _locks) = (null, false);
        try
        {
            await session.DisposeAsync();
        }
        catch (Exception e)
        {
            logger.LogDebug(e, "Closing a session failed.");
        }
    }

    private async Task<ITableSession> OpenAsync(bool locks, CancellationToken cancellationToken)
    {
        _session ??= await destination.OpenAsync(target, cancellationToken);
        _reached = true;
        if (locks && !_locks)
        {
            await _session.LockAsync(cancellationToken);
            _locks = _hasLocked = true;
        }
        return _session;
    }

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
