using PeakS3Feed.Feeds.Running;

namespace PeakS3Feed.Wording;

/// <summary>
/// Writes the progress of a run as lines of text: every ten seconds in the first minute, every thirty seconds until the fifth, and then every minute.
/// A run that waits for its destination writes lines, too. <see cref="Dispose"/> ends them.
/// </summary>
public sealed class ProgressLines : IRunView
{
    private readonly string _feed;
    private readonly Action<string> _write;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private RunProgress? _latest;
    private long _reported;
    private bool _announces;
    private bool _ended;

    /// <summary>Begins the lines of a run.</summary>
    /// <param name="feed">The feed, which each line begins with.</param>
    /// <param name="write">Writes a line. Is called on any thread, with one line at a time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="announces">Whether to write also a line when loading begins, with all that will be loaded.</param>
    public ProgressLines(string feed, Action<string> write, TimeProvider time, bool announces)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_feed, _write, _time, _announces) = (feed, write, time, announces);
        _started = time.GetTimestamp();
        _timer = time.CreateTimer(_ => WriteLatest(), null, Interval(TimeSpan.Zero), Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Report(RunProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        lock (_lock)
        {
            (_latest, _reported) = (value, _time.GetTimestamp());
            if (_ended || !_announces || value.Phase != RunPhase.Loading)
                return;
            _announces = false;
            Write(value);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _ended = true;
        _timer.Dispose();
    }

    private static TimeSpan Interval(TimeSpan elapsed) => elapsed switch
    {
        { TotalMinutes: < 1 } => TimeSpan.FromSeconds(10),
        { TotalMinutes: < 5 } => TimeSpan.FromSeconds(30),
        _ => TimeSpan.FromMinutes(1),
    };

    private void WriteLatest()
    {
        lock (_lock)
        {
            if (_ended)
                return;
            // The rate of a run that waits must fall.
            if (_latest is { } latest)
                Write(latest with { Elapsed = latest.Elapsed + _time.GetElapsedTime(_reported) });
            _timer.Change(Interval(_time.GetElapsedTime(_started)), Timeout.InfiniteTimeSpan);
        }
    }

    private void Write(RunProgress progress) => _write($"{_feed}: {ProgressText.Format(progress)}");
}
