using System.Diagnostics;

namespace PeakS3Feed.Fuzz;

/// <summary>A thread, and the case it is at.</summary>
internal sealed class Worker(int number)
{
    private Thread? _thread;
    private long _began;
    private long _cpuBefore;
    private ulong _seed;

    public int Number => number;

    /// <summary>The seed it is at, or null.</summary>
    public ulong? Case => Volatile.Read(ref _began) == 0 ? null : Volatile.Read(ref _seed);

    /// <summary>How long it has been at it.</summary>
    public TimeSpan RunsFor => Volatile.Read(ref _began) is var began and not 0 ? Stopwatch.GetElapsedTime(began) : TimeSpan.Zero;

    /// <summary>The processor time that the process has spent since, in all its threads.</summary>
    public TimeSpan Spent => Case is null ? TimeSpan.Zero : Environment.CpuUsage.TotalTime - new TimeSpan(Volatile.Read(ref _cpuBefore));

    public void Start(Action work)
    {
        _thread = new Thread(() => work()) { IsBackground = true };
        _thread.Start();
    }

    public bool Join(TimeSpan wait) => _thread!.Join(wait);

    public void Begin(ulong seed)
    {
        Volatile.Write(ref _seed, seed);
        Volatile.Write(ref _cpuBefore, Environment.CpuUsage.TotalTime.Ticks);
        Volatile.Write(ref _began, Stopwatch.GetTimestamp());
    }

    public void End() => Volatile.Write(ref _began, 0);
}
