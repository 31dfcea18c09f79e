using System.Globalization;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Triggers;

/// <summary>A cron expression that was read.</summary>
/// <param name="Given">As it was written.</param>
/// <param name="Expression">The same in the fields of Quartz: seconds, minutes, hours, day of month, month, day of week, and perhaps year.</param>
/// <param name="IsUnix">Whether it was written with the five fields of Unix.</param>
public sealed record CronText(string Given, string Expression, bool IsUnix)
{
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    /// <summary>The fields of <see cref="Expression"/>.</summary>
    internal IReadOnlyList<string> Fields => Expression.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether it names no hour, so that it fires in each.</summary>
    internal bool FiresInEveryHour => Fields[2] is "*" or "*/1" or "0/1" or "0-23";

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FeedException"><c>CronInvalid</c>: it names the field, and where it stands.</exception>
    public static CronText Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new CronReader(text).Read();
    }

    /// <summary>A time of day on some days; of every day when none is named.</summary>
    internal static CronText At(TimeOnly time, IReadOnlyCollection<DayOfWeek> days)
    {
        var on = days.Count == 0 ? "*" : string.Join(",", days.Select(d => Days[(int)d]));
        var text = string.Create(CultureInfo.InvariantCulture, $"{time.Second} {time.Minute} {time.Hour} ? * {on}");
        return new(text, text, IsUnix: false);
    }
}
