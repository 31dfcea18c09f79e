using System.Globalization;
using System.Text.RegularExpressions;

namespace PeakS3Feed.Store;

/// <summary>
/// Reads durations: 90s, 5m, 2h, 30d, 1h30m, or 00:05:00. A number without a unit is refused, because .NET reads it as days, PowerShell as ticks, and
/// people mean neither.
/// </summary>
public static partial class DurationText
{
    /// <summary>Examples of durations, for messages.</summary>
    public const string Forms = "90s, 5m, 2h, 30d, 1h30m or 00:05:00";

    /// <summary>Reads a duration. A leading minus makes it negative.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The duration.</param>
    /// <returns>The problem and how to write a duration, in sentences; null if the text is a duration.</returns>
    public static string? TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        var trimmed = text.Trim();
        var negative = trimmed.StartsWith('-');
        var length = negative ? trimmed[1..] : trimmed;
        if (Number().IsMatch(length))
            return $"{text} has no unit. Write {length}s for seconds, {length}m for minutes, {length}h for hours, or {length}d for days.";
        try
        {
            if (Clock().Match(length) is { Success: true } clock)
                duration = FromClock(clock.Groups);
            else if (Units().Match(length) is { Success: true } units)
                duration = FromUnits(units.Groups);
            else
                return Months().IsMatch(length)
                    ? $"\"{text}\" could mean minutes or months. Write {Forms}."
                    : $"\"{text}\" is not a duration. Write {Forms}.";
        }
        catch (OverflowException)
        {
            return $"\"{text}\" is longer than a duration can be.";
        }

        duration = negative ? -duration : duration;
        var first = length.Split(':')[0];
        return duration == TimeSpan.MinValue ? $"\"{text}\" could mean hours or days. Write {first}h or {first}d." : null;
    }

    private static TimeSpan FromClock(GroupCollection groups)
    {
        var (days, hours) = (Part(groups["d"]), Part(groups["h"]));
        // .NET reads a first part of more than 23 as days, and people mean hours.
        return hours > 23 ? TimeSpan.MinValue : Sum(
            (days, TimeSpan.TicksPerDay), (hours, TimeSpan.TicksPerHour),
            (Part(groups["m"]), TimeSpan.TicksPerMinute), (Part(groups["s"]), TimeSpan.TicksPerSecond));
    }

    private static TimeSpan FromUnits(GroupCollection groups) => Sum(
        (Part(groups["w"]), 7 * TimeSpan.TicksPerDay), (Part(groups["d"]), TimeSpan.TicksPerDay), (Part(groups["h"]), TimeSpan.TicksPerHour),
        (Part(groups["m"]), TimeSpan.TicksPerMinute), (Part(groups["s"]), TimeSpan.TicksPerSecond));

    private static TimeSpan Sum(params ReadOnlySpan<(decimal Number, long Ticks)> parts)
    {
        var ticks = 0m;
        foreach (var (number, unit) in parts)
            ticks += number * unit;
        return new TimeSpan((long)ticks);
    }

    private static decimal Part(Group group)
        => group.Success ? decimal.Parse(group.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\A[0-9]*\.?[0-9]+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Number();

    [GeneratedRegex(
        @"\A((?<d>[0-9]{1,9})\.)?(?<h>[0-9]{1,9}):(?<m>[0-5]?[0-9])(:(?<s>[0-5]?[0-9](\.[0-9]{1,7})?))?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Clock();

    [GeneratedRegex(
        @"\A(?=.)((?<w>[0-9]+(\.[0-9]+)?) ?(w|weeks?))? ?((?<d>[0-9]+(\.[0-9]+)?) ?([dD]|days?))? ?((?<h>[0-9]+(\.[0-9]+)?) ?([hH]|hrs?|hours?))? ?"
        + @"((?<m>[0-9]+(\.[0-9]+)?) ?(m|mins?|minutes?))? ?((?<s>[0-9]+(\.[0-9]+)?) ?([sS]|secs?|seconds?))?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Units();

    [GeneratedRegex(@"[0-9] ?M\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Months();
}
