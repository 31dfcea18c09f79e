using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Wording;

/// <summary>Formats numbers, sizes, times and statuses for people.</summary>
public static class Quantities
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>Formats a number with commas between the thousands.</summary>
    public static string Count(long number) => CountText.Format(number);

    /// <summary>Formats a number with a noun, for example <c>1 object</c>, <c>1,234 objects</c>.</summary>
    public static string Count(long number, string noun) => CountText.Format(number, noun);

    /// <summary>Formats a size in bytes with three digits and a unit, in powers of 1000.</summary>
    public static string Size(double bytes)
    {
        var unit = 0;
        for (; bytes >= 999.5 && unit < Units.Length - 1; unit++)
            bytes /= 1000;
        return bytes.ToString(unit > 0 && bytes < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    /// <summary>Formats a duration, for example <c>0.4 s</c>, <c>1:05</c>, <c>2:01:05</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => time.ToString(@"m\:ss", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $@"{Math.Floor(time.TotalHours):0}:{time:mm\:ss}"),
    };

    /// <summary>Formats a time in UTC, to the minute.</summary>
    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Describes the status of a run.</summary>
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

    /// <summary>Describes the status of a run, including whether it rejected rows or skipped files, and how many runs the entry represents.</summary>
    public static string Status(S3FeedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var words = Status(run.Status, run.RowsRejected);
        return run.Runs == 1 ? words : $"{words}, {Count(run.Runs, "run")}";
    }

    /// <summary>
    /// Describes how a destination stands in a run, for example <c>lake: failed, 0 of 2 objects, 0 rows (DestinationUnreachable)</c>.
    /// </summary>
    public static string Standing(RunDestination destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return $"{destination.Name}: {Status(destination.Status)}, "
            + $"{Count(destination.ObjectsLoaded)} of {Count(destination.ObjectsPlanned, "object")}, {Count(destination.RowsLoaded, "row")}"
            + (destination.RowsRejected > 0 ? $", {Count(destination.RowsRejected, "reject")}" : "")
            + (destination.ErrorId is { } error ? $" ({error})" : "");
    }

    internal static string Status(RunStatus status, long rejected)
        => status == RunStatus.SucceededWithRejects && rejected == 0 ? "files skipped" : Status(status);

    /// <summary>Returns the first eight digits of a run's id, which identify it in practice.</summary>
    public static string Short(Guid id) => id.ToString("D")[..8];
}

/// <summary>Joins words to a list.</summary>
internal static class EnglishList
{
    /// <summary>Returns, for example, <c>a, b and c</c>.</summary>
    public static string Join(IReadOnlyList<string> words)
        => words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";
}
