using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Wording;

/// <summary>Numbers, sizes and times as people read them.</summary>
public static class Quantities
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>With commas between the thousands.</summary>
    public static string Count(long number) => CountText.Format(number);

    /// <summary>For example <c>1 object</c>, <c>1,234 objects</c>.</summary>
    public static string Count(long number, string noun) => CountText.Format(number, noun);

    /// <summary>Bytes in powers of 1000, three digits.</summary>
    public static string Size(double bytes)
    {
        var unit = 0;
        for (; bytes >= 999.5 && unit < Units.Length - 1; unit++)
            bytes /= 1000;
        return bytes.ToString(unit > 0 && bytes < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    /// <summary>For example <c>0.4 s</c>, <c>1:05</c>, <c>2:01:05</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => time.ToString(@"m\:ss", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $@"{Math.Floor(time.TotalHours):0}:{time:mm\:ss}"),
    };

    /// <summary>UTC, to the minute.</summary>
    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>How a run stands, in words.</summary>
    public static string Status(RunStatus status) => status switch
    {
        RunStatus.Running => "running",
        RunStatus.Succeeded => "succeeded",
        RunStatus.NothingToDo => "nothing to do",
        RunStatus.SucceededWithRejects => "with rejects",
        RunStatus.Failed => "failed",
        RunStatus.NothingMatched => "none matched",
        _ => "canceled",
    };

    /// <summary>How a run stands, in words: whether rows were rejected or whole files left out, and how many runs it stands for.</summary>
    public static string Status(S3FeedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var words = Status(run.Status, run.RowsRejected);
        return run.Runs == 1 ? words : $"{words}, {Count(run.Runs, "run")}";
    }

    internal static string Status(RunStatus status, long rejected)
        => status == RunStatus.SucceededWithRejects && rejected == 0 ? "files skipped" : Status(status);

    /// <summary>The beginning of a run's id, which is enough to tell it from others.</summary>
    public static string Short(Guid id) => id.ToString("D")[..8];
}
