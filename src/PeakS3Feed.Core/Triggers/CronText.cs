using System.Globalization;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Triggers;

/// <summary>A cron expression.</summary>
/// <param name="Given">The original text.</param>
/// <param name="Expression">The same in the fields of Quartz: seconds, minutes, hours, day of month, month, day of week, and optionally year.</param>
/// <param name="IsUnix">Whether the original text has the five fields of Unix.</param>
public sealed record CronText(string Given, string Expression, bool IsUnix)
{
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    /// <summary>The fields of <see cref="Expression"/>.</summary>
    internal IReadOnlyList<string> Fields => Expression.Split(' ');

    /// <summary>Whether the expression fires in every hour.</summary>
    internal bool FiresInEveryHour => Fields[2] is "*" or "*/1" or "0/1" or "0-23";

    /// <summary>Parses an expression.</summary>
    /// <exception cref="FeedException"><c>CronInvalid</c>, with the field and its column.</exception>
    public static CronText Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new CronReader(text).Read();
    }

    /// <summary>Creates the expression of a time of day on some days of the week; on every day if <paramref name="days"/> is empty.</summary>
    internal static CronText At(TimeOnly time, IReadOnlyCollection<DayOfWeek> days)
    {
        var on = days.Count == 0 ? "*" : string.Join(",", days.Select(d => Days[(int)d]));
        var text = string.Create(CultureInfo.InvariantCulture, $"{time.Second} {time.Minute} {time.Hour} ? * {on}");
        return new(text, text, IsUnix: false);
    }
}

/// <summary>Parses a cron expression, and names the invalid field.</summary>
internal sealed class CronReader(string text)
{
    private const int UnixFields = 5;
    private const int DaysOfWeek = 7;
    private const int DayOfMonth = 3;
    private const int Month = 4;
    private const int DayOfWeek = 5;
    private const int Year = 6;

    private static readonly string[] DayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private static readonly Dictionary<string, string> Macros = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@yearly"] = "0 0 0 1 1 ?",
        ["@annually"] = "0 0 0 1 1 ?",
        ["@monthly"] = "0 0 0 1 * ?",
        ["@weekly"] = "0 0 0 ? * SUN",
        ["@daily"] = "0 0 0 * * ?",
        ["@midnight"] = "0 0 0 * * ?",
        ["@hourly"] = "0 0 * * * ?",
    };

    // Before any year that an expression may sensibly name: an expression without a time after it names a day that does not exist.
    private static readonly DateTime Early = new(1999, 12, 31, 0, 0, 0, DateTimeKind.Utc);

    private readonly List<(int Start, string Text)> _fields = Split(text);

    private bool IsUnix => _fields.Count == UnixFields;

    // The index of the first field here among the fields of Quartz.
    private int Shift => IsUnix ? 1 : 0;

    public CronText Read()
    {
        if (_fields is [(_, ['@', ..] name)])
        {
            return Macros.TryGetValue(name, out var macro)
                ? new(text, macro, IsUnix: false)
                : throw TriggerErrors.CronInvalid(text, "the names are @yearly, @annually, @monthly, @weekly, @daily, @midnight and @hourly");
        }
        if (_fields.Count is not (UnixFields or 6 or 7))
            throw TriggerErrors.CronFieldCount(text, _fields.Count);
        var fields = IsUnix ? ToQuartz() : [.. _fields.Select(f => f.Text.ToUpperInvariant())];
        for (var i = 0; i < _fields.Count; i++)
            Check(i, fields[i + Shift]);
        if (IsUnix)
            CheckUnixDays();
        return CronTimes.From(fields).NextAfter(Early) is not null ? new CronText(text, string.Join(' ', fields), IsUnix) : throw NeverFires(fields);
    }

    private void Check(int index, string field)
    {
        try
        {
            CronField.Parse(field, CronFieldKind.All[index + Shift]);
        }
        catch (FormatException error)
        {
            throw Field(index, error.Message);
        }
    }

    private FeedException Field(int index, string reason)
        => TriggerErrors.CronField(text, CronFieldKind.All[index + Shift].Name, index + 1, _fields[index].Start + 1, _fields[index].Text, reason);

    // If both fields of days are restricted, Unix fires on either day; but if one begins with *, it fires only on days that match both. The latter
    // is rarely intended, and Quartz has no way to write it.
    private void CheckUnixDays()
    {
        var (day, weekday) = (_fields[DayOfMonth - Shift].Text, _fields[DayOfWeek - Shift].Text);
        if (day is "*" or "?" || weekday is "*" or "?")
            return;
        foreach (var i in new[] { DayOfMonth - Shift, DayOfWeek - Shift })
        {
            if (_fields[i].Text.StartsWith('*'))
                throw Field(
                    i,
                    "with both fields of days, cron fires only on days that match both if one begins with *, which is not supported; "
                    + "a range such as 1-31/2 fires on either");
        }
    }

    private FeedException NeverFires(string[] fields)
    {
        if (fields.Length > Year && CronTimes.From(fields[..Year]).NextAfter(Early) is not null)
            return Field(Year, "the other fields match no time in it");
        var (day, month) = (_fields[DayOfMonth - Shift], _fields[Month - Shift]);
        return TriggerErrors.CronNeverComes(text, (DayOfMonth - Shift + 1, day.Start + 1, day.Text), (Month - Shift + 1, month.Text));
    }

    private string[] ToQuartz()
    {
        string[] unix = [.. _fields.Select(f => f.Text.ToUpperInvariant())];
        var (day, weekday) = (unix[2], string.Join(',', unix[4].Split(',').Select(WeekdayToQuartz)));
        return weekday is "*" or "?"
            ? ["0", unix[0], unix[1], day, unix[3], "?"]
            : ["0", unix[0], unix[1], day == "*" ? "?" : day, unix[3], weekday];
    }

    // Unix numbers the days from Sunday as 0 (or 7), Quartz from Sunday as 1. Both have the same names.
    private static string WeekdayToQuartz(string part)
    {
        var (range, rest) = part.IndexOfAny(['/', '#', 'L']) is >= 0 and var at ? (part[..at], part[at..]) : (part, "");
        if (range.Split('-') is [var from, var to] && IsUnixDay(from, out var first) && IsUnixDay(to, out var last))
        {
            if (rest.Length == 0 && last - first >= DaysOfWeek - 1)
                return "*";
            if (last - first == DaysOfWeek)
                return $"1-{DaysOfWeek}{rest}";
        }
        return string.Join('-', range.Split('-').Select(d => !IsUnixDay(d, out var day) ? d
            : rest.Length > 0 ? ((day % DaysOfWeek) + 1).ToString(CultureInfo.InvariantCulture)
            : DayNames[day % DaysOfWeek])) + rest;
    }

    // A number above 7 stays, and is reported as too high.
    private static bool IsUnixDay(string text, out int day)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out day) && day <= DaysOfWeek;

    private static List<(int Start, string Text)> Split(string text)
    {
        var fields = new List<(int, string)>();
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]))
                continue;
            var start = i;
            while (i < text.Length && !char.IsWhiteSpace(text[i]))
                i++;
            fields.Add((start, text[start..i]));
        }
        return fields;
    }
}
