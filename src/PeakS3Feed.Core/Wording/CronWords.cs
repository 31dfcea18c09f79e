using System.Globalization;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Wording;

/// <summary>Describes a cron expression: the days first, then the times.</summary>
internal static class CronWords
{
    private const string EveryDay = "every day";
    private const int MaxTimes = 6;
    private const int Second = 0, Minute = 1, Hour = 2, DayOfMonth = 3, Month = 4, DayOfWeek = 5, Year = 6;

    private static readonly string[] Ordinals = ["", "first", "second", "third", "fourth", "fifth"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    public static string Describe(CronText cron)
    {
        var fields = cron.Fields;
        var times = Times(fields);
        var days = string.Concat(DayWords(fields), In(fields[Month], MonthName), fields.Count > Year ? In(fields[Year], y => y) : "");
        var hasClock = times.StartsWith("at ", StringComparison.Ordinal);
        var words = days == EveryDay && !hasClock ? times : $"{days}{(hasClock ? " " : ", ")}{times}";
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static string DayWords(IReadOnlyList<string> fields) => (IsAny(fields[DayOfMonth]), IsAny(fields[DayOfWeek])) switch
    {
        (true, true) => EveryDay,
        (false, true) => DayOfMonthWords(fields[DayOfMonth]),
        (true, false) => DayOfWeekWords(fields[DayOfWeek]),
        _ => $"{DayOfMonthWords(fields[DayOfMonth])}, and {DayOfWeekWords(fields[DayOfWeek])}",
    };

    private static string DayOfMonthWords(string field) => "on " + EnglishList.Join([.. field.Split(',').Select(part => part switch
    {
        "L" => "the last day of the month",
        "LW" => "the last weekday of the month",
        ['L', '-', .. var before] => $"the day {before} before the last of the month",
        [.. var day, 'W'] => $"the weekday nearest to day {day} of the month",
        _ when part.Split('/') is [var from, var step] && !from.Contains('-', StringComparison.Ordinal)
            => $"day {(from == "*" ? "1" : from)} of the month and every {step} days from there",
        _ => $"{Values(part, d => d, "day", "days")} of the month",
    })]);

    private static string DayOfWeekWords(string field) => "on " + EnglishList.Join([.. field.Split(',').Select(part => part switch
    {
        "L" => DayName("SAT"),
        [.. var day, 'L'] => $"the last {DayName(day)} of the month",
        ['*', '/', .. var step] => $"Sunday and every {step} days from there",
        _ when part.Split('#') is [var day, var number] => $"the {Ordinal(number)} {DayName(day)} of the month",
        _ => Values(part, DayName, "", ""),
    })]);

    private static string In(string field, Func<string, string> name)
        => IsAny(field) ? "" : " in " + EnglishList.Join([.. field.Split(',').Select(part => part switch
    {
        ['*', '/', .. var step] when name == MonthName => $"January and every {step} months from there",
        _ => Values(part, name, "", ""),
    })]);

    private static string Times(IReadOnlyList<string> fields)
    {
        var (second, minute, hour) = (fields[Second], fields[Minute], fields[Hour]);
        if (List(second) is { Count: 1 } s && List(minute) is { } m && List(hour) is { } h && m.Count * h.Count <= MaxTimes)
            return "at " + EnglishList.Join([.. h.SelectMany(hh => m, (hh, mm) => Clock(hh, mm, s[0]))]);
        var within = IsAny(hour) ? "" : $", in {Values(hour, Padded, "hour", "hours")}";
        if (second == "0")
            return (Step(minute) is { } every ? $"every {Times(every, "minute")}" : $"at {Values(minute, v => v, "minute", "minutes")} of the hour")
                + within;
        var seconds = Step(second) is { } step ? $"every {Times(step, "second")}" : $"at {Values(second, v => v, "second", "seconds")} of the minute";
        return IsAny(minute) ? seconds + within : $"{seconds}, in {Values(minute, v => v, "minute", "minutes")} of the hour{within}";
    }

    // Describes one value, several values, a range, or steps; parts of a list one after the other.
    private static string Values(string field, Func<string, string> name, string one, string many)
    {
        var parts = field.Split(',').Select(part => part.Split('/') switch
        {
            ["*" or "0", var step] => $"every {step}",
            [var from, var step] when from.Contains('-', StringComparison.Ordinal) => $"{Range(from, name)} by {step}",
            [var from, var step] => $"every {step} from {name(from)} on",
            _ => part.Contains('-', StringComparison.Ordinal) ? Range(part, name) : name(part),
        }).ToList();
        var word = parts.Count == 1 && field.AsSpan().IndexOfAny('-', '/') < 0 ? one : many;
        return (word.Length > 0 ? word + " " : "") + EnglishList.Join(parts);
    }

    private static string Range(string range, Func<string, string> name)
        => range.Split('-') is [var from, var to] ? $"{name(from)} to {name(to)}" : range;

    private static string Times(int count, string unit) => count == 1 ? unit : $"{count} {unit}s";

    // Returns the distance of evenly spaced values that begin at 0; null for other values.
    private static int? Step(string field) => field switch
    {
        "*" => 1,
        ['*' or '0', '/', .. var step] when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && n > 0 && 60 % n == 0 => n,
        _ => null,
    };

    // Returns the values of a list of numbers; null for other expressions.
    private static List<int>? List(string field)
    {
        var values = new List<int>();
        foreach (var part in field.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return null;
            values.Add(value);
        }
        return values;
    }

    private static string Clock(int hour, int minute, int second)
        => string.Create(CultureInfo.InvariantCulture, $"{hour:00}:{minute:00}{(second == 0 ? "" : $":{second:00}")}");

    private static string Padded(string hour) => hour.PadLeft(2, '0');

    private static string DayName(string day) => Name(day, Days, CultureInfo.InvariantCulture.DateTimeFormat.DayNames);

    private static string MonthName(string month) => Name(month, Months, CultureInfo.InvariantCulture.DateTimeFormat.MonthNames);

    // Returns a name from its short form, or from a number that begins at 1.
    private static string Name(string text, string[] shorts, string[] names)
    {
        var index = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number - 1
            : Array.FindIndex(shorts, s => text.StartsWith(s, StringComparison.OrdinalIgnoreCase));
        return index >= 0 && index < shorts.Length ? names[index] : text;
    }

    private static string Ordinal(string number)
        => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 && n < Ordinals.Length ? Ordinals[n] : number;

    private static bool IsAny(string field) => field is "*" or "?";
}
