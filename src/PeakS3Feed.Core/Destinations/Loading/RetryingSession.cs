using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>A run's session with its destination: opened when it is needed, and anew when it was lost; what was being done is done again.</summary>
internal sealed class RetryingSession(IDestination destination, LoadTarget target, CommitRetry retry, ILogger logger, TimeProvider time) : IAsyncDisposable
{
    private IDestinationSession? _session;
    private bool _reached;
    private bool _holds;
    private bool _held;

    /// <summary>Does something that may be done again. A destination that was never reached is not tried again, since its definition may be wrong, unless a server answers that it is starting.</summary>
    /// <param name="action">What to do with an open session.</param>
    /// <param name="hold">Whether other runs of the feed have to be kept out.</param>
    /// <param name="inDoubt">Whether it is unknown what has become of a COMMIT: then the destination must be asked, whatever the trouble is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<T> DoAsync<T>(Func<IDestinationSession, Task<T>> action, bool hold, Func<bool> inDoubt, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await action(await OpenAsync(hold, cancellationToken));
            }
            catch (LoadRestartException e)
            {
                // The destination did nothing wrong: its attempts are for lost connections. The plan has less to change each time.
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
                throw DestinationErrors.OutcomeUnknown(target, e);
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

    /// <summary>Closes the session, if there is one; the next thing to do opens another.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_session is not { } session)
            return;
        (_session, _holds) = (null, false);
        try
        {
            await session.DisposeAsync();
        }
        catch (Exception e)
        {
            logger.LogDebug(e, "Closing a session failed.");
        }
    }

    private async Task<IDestinationSession> OpenAsync(bool hold, CancellationToken cancellationToken)
    {
        _session ??= await destination.OpenAsync(target, cancellationToken);
        _reached = true;
        if (hold && !_holds)
        {
            await _session.HoldAsync(cancellationToken);
            _holds = _held = true;
        }
        return _session;
    }

    // Whoever cancels while it is unknown whether a COMMIT landed is told so, not that the run was simply stopped.
    private async Task PauseAsync(TimeSpan delay, Func<bool> inDoubt, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, time, cancellationToken);
        }
        catch (OperationCanceledException e) when (inDoubt())
        {
            throw DestinationErrors.OutcomeUnknown(target, e);
        }
    }

    // After a lost connection the server may hold our own run lock for a moment longer.
    private bool MayRetry(Exception exception, bool inDoubt)
        => (inDoubt && !IsOvertaken(exception) && exception is not OperationCanceledException)
            || (_held && exception is FeedException { Id: "FeedAlreadyRunning" })
            || exception is FeedException { Id: "DestinationNotReady" }
            || (_session?.IsTransient(exception) ?? (_reached && exception is FeedException { Id: "DestinationUnreachable" }));

    private static bool IsOvertaken(Exception exception) => exception is FeedException { Id: "RunOvertaken" };
}
