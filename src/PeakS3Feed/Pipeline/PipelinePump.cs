using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>
/// Runs asynchronous work on the thread pool. Meanwhile it runs the actions that the work queues on the pipeline's thread: only that
/// thread may write objects, ask for confirmation, or run script.
/// </summary>
internal sealed class PipelinePump : IDisposable
{
    // How far the work may be ahead of the consumer. Few, so that little work is wasted when a consumer stops early.
    private const int Ahead = 8;
    private readonly Channel<Action> _items = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _room = new(Ahead, Ahead);
    private readonly CancellationTokenSource _stop;

    private PipelinePump(CancellationToken stopping) => _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    /// <summary>
    /// Runs work to its end. When an action throws (a consumer stops or fails, or the preference is Stop), cancels the work, awaits it,
    /// and throws the action's exception; otherwise throws the work's own.
    /// </summary>
    /// <param name="work">The work; it gets this pump and a token that cancels it.</param>
    /// <param name="stopping">Signals that the user stops the command.</param>
    public static void Run(Func<PipelinePump, CancellationToken, Task> work, CancellationToken stopping)
    {
        using var pump = new PipelinePump(stopping);
        pump.Run(work);
    }

    /// <summary>Queues an action, such as writing a log line. Never waits.</summary>
    public void Post(Action action) => _items.Writer.TryWrite(action);

    /// <summary>Queues an action that may lag a little behind the work, such as writing an object. Waits while the queue is full.</summary>
    public async Task SendAsync(Action action)
    {
        await _room.WaitAsync(_stop.Token);
        Post(() =>
        {
            _room.Release();
            action();
        });
    }

    /// <summary>Queues a function and waits for its result.</summary>
    public Task<T> CallAsync<T>(Func<T> call)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var given = _stop.Token.Register(() => answer.TrySetCanceled(_stop.Token));
        Post(() =>
        {
            given.Dispose();
            try
            {
                answer.TrySetResult(call());
            }
            catch (Exception e)
            {
                answer.TrySetException(e);
                throw;
            }
        });
        return answer.Task;
    }

    public void Dispose()
    {
        _stop.Dispose();
        _room.Dispose();
    }

    private void Run(Func<PipelinePump, CancellationToken, Task> work)
    {
        var worker = Task.Run(
            async () =>
            {
                try
                {
                    await work(this, _stop.Token);
                }
                finally
                {
                    _items.Writer.TryComplete();
                }
            },
            CancellationToken.None);
        var failure = Pump();
        try
        {
            worker.GetAwaiter().GetResult();
        }
        catch (Exception) when (failure is not null)
        {
            // The work was cancelled because of the failure.
        }
        failure?.Throw();
    }

    private ExceptionDispatchInfo? Pump()
    {
        ExceptionDispatchInfo? failure = null;
        while (_items.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_items.Reader.TryRead(out var item))
            {
                if (failure is not null)
                    continue;
                try
                {
                    item();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                    _stop.Cancel();
                }
            }
        }
        return failure;
    }
}
