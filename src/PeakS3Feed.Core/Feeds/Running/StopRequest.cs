using PeakS3Feed.Errors;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>A token that is cancelled by the caller, or when another process asks the run to stop.</summary>
internal sealed class StopRequest : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly CancellationTokenSource _source;
    private readonly Task _watching;
    private readonly CancellationTokenSource _done = new();
    private readonly PeriodicTimer _timer;

    public StopRequest(RunHistory history, Guid runId, TimeProvider time, CancellationToken cancellationToken)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = new PeriodicTimer(Interval, time);
        _watching = Task.Run(() => WatchAsync(history, runId, _done.Token), CancellationToken.None);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _timer.Dispose(); // ends the wait without an exception, the only one of most runs
        _done.Cancel();
        _ = _watching.ContinueWith(
            _ =>
            {
                _source.Dispose();
                _done.Dispose();
            }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task WatchAsync(RunHistory history, Guid runId, CancellationToken done)
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(CancellationToken.None))
            {
                if (!await history.IsStopRequestedAsync(runId, done))
                    continue;
                await _source.CancelAsync();
                return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or FeedException)
        {
            // The run has ended; or the history cannot be read, and then nobody can ask.
        }
    }
}
