using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Serving;

/// <summary>
/// Repeats one step of work until it is stopped: at the time that the step returned, when <see cref="Wake"/> is called, and at the latest after
/// an interval.
/// </summary>
/// <param name="interval">The longest wait between two steps.</param>
/// <param name="failed">What the log says about a failed step, before its reason: <c>Triggers cannot be processed</c>.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Logs a reason once, not at every step.</param>
internal sealed class TickLoop(TimeSpan interval, string failed, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _awake = new(0, 1);
    private string? _trouble;

    /// <summary>Repeats the step. Returns when <paramref name="stopping"/> is canceled.</summary>
    /// <param name="tick">One step; returns when the next one is due, or null.</param>
    /// <param name="stopping">Ends the loop.</param>
    /// <param name="aborting">Cancels also the current step.</param>
    public async Task RunAsync(Func<CancellationToken, Task<DateTimeOffset?>> tick, CancellationToken stopping, CancellationToken aborting)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
                await WaitAsync(await TryAsync(tick, aborting), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The loop was stopped.
        }
    }

    /// <summary>
    /// Runs one step. If it fails, logs the reason and returns null; the next step runs after the interval, when the cause may be fixed.
    /// </summary>
    public async Task<DateTimeOffset?> TryAsync(Func<CancellationToken, Task<DateTimeOffset?>> tick, CancellationToken cancellationToken)
    {
        try
        {
            var next = await tick(cancellationToken);
            _trouble = null;
            return next;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (e.Message != _trouble)
                logger.LogError("{Failed}: {Reason} {Hint}", failed, e.Message, (e as FeedException)?.Hint);
            _trouble = e.Message;
            return null;
        }
    }

    /// <summary>Ends the wait between two steps.</summary>
    public void Wake()
    {
        try
        {
            _awake.Release();
        }
        catch (SemaphoreFullException)
        {
            // A wake-up is already pending.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _awake.Dispose();

    private async Task WaitAsync(DateTimeOffset? next, CancellationToken stopping)
    {
        var wait = next - time.GetUtcNow() is { } until && until < interval ? until : interval;
        if (wait <= TimeSpan.Zero)
            return;
        using var over = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stopping);
        try
        {
            await _awake.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // Woken up, or the time is over.
        }
    }
}
