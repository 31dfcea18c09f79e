namespace PeakS3Feed.Worker.Serve;

/// <summary>Lets few lines a minute into the log, of the kind that others can cause as often as they like.</summary>
/// <param name="time">The clock.</param>
/// <param name="most">How many lines a minute.</param>
internal sealed class LogGate(TimeProvider time, int most = LogGate.Max)
{
    /// <summary>How many lines a minute, where nothing else is said.</summary>
    public const int Max = 10;

    private readonly Lock _lock = new();
    private long _minute;
    private int _passed;

    /// <summary>Whether a line may pass.</summary>
    /// <param name="last">Whether it is the last one of this minute.</param>
    public bool MayPass(out bool last)
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        lock (_lock)
        {
            if (minute != _minute)
                (_minute, _passed) = (minute, 0);
            last = ++_passed == most;
            return _passed <= most;
        }
    }

    /// <summary>What is added to the last line of a minute.</summary>
    public static string Ending(bool last) => last ? " (further lines of this kind are left out for the rest of the minute)" : "";
}
