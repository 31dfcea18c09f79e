using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests;

/// <summary>A clock that moves only when something waits on it, and only to the end of that wait. A slow machine thus sees the same times as a fast one.</summary>
internal sealed class SteppedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
            _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until something waits on this clock, and gives how long it means to wait.</summary>
    public Task<TimeSpan> WaitAsync() => _waits.Reader.ReadAsync().AsTask().WaitAsync(TestLimits.Hang);

    /// <summary>Moves the clock to the end of each wait until some work ends, and gives the waits in seconds.</summary>
    /// <param name="work">The work. A wait of under a millisecond sets no timer, so the number of waits may vary if the delays are random.</param>
    public async Task<List<double>> WaitsUntilAsync(Task work)
    {
        var waits = new List<double>();
        while (await Task.WhenAny(work, _waits.Reader.WaitToReadAsync().AsTask()).WaitAsync(TestLimits.Hang) != work)
            while (_waits.Reader.TryRead(out var wait))
            {
                waits.Add(wait.TotalSeconds);
                Advance(wait);
            }
        return waits;
    }
}
