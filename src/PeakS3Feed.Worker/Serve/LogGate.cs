namespace PeakS3Feed.Worker.Serve;

/// <summary>Limits the log lines per minute of a kind that senders can cause at will.</summary>
/// <param name="time">The clock.</param>
/// <param name="max">The number of lines per minute.</param>
internal sealed class LogGate(TimeProvider time, int max = LogGate.Max)
{
    /// <summary>The default number of lines per minute.</summary>
    public const int Max = 10;

    private readonly Lock _lock = new();
    private long _minute;
    private int _passed;

    /// <summary>Whether a line may be logged.</summary>
    /// <param name="last">Whether the line is the last one of this minute.</param>
    public bool MaySucceed(out bool last)
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        lock (_lock)
        {
            if (minute != _minute)
                (_minute, _passed) = (minute, 0);
            last = ++_passed == max;
            return _passed <= max;
        }
    }

    /// <summary>Returns the note for the last line of a minute.</summary>
    public static string Ending(bool last) => last ? " (further lines of this kind are omitted for the rest of the minute)" : "";
}
