using System.Globalization;
using Cronos;

namespace PeakS3Feed.Triggers;

/// <summary>
/// The times of a cron expression. Cronos finds them, in UTC. Cronos joins day of month and day of week by "and", supports one form with L, W or # at
/// a time, has no years, and skips months that are too short for a day such as 31W. So one expression becomes several expressions of Cronos, one for
/// each kind of day, and years are checked here.
/// </summary>
internal sealed class CronTimes
{
    private const int Second = 0, Minute = 1, Hour = 2, DayOfMonth = 3, Month = 4, DayOfWeek = 5, Year = 6;
    private const int February = 2;
    private const int DaysOfFebruary = 28;

    private readonly List<CronExpression> _expressions;
    private readonly SortedSet<int>? _years;

    private CronTimes(List<CronExpression> expressions, SortedSet<int>? years) => (_expressions, _years) = (expressions, years);

    /// <summary>Creates the times of fields in Quartz's form.</summary>
    /// <exception cref="FormatException">A field is invalid.</exception>
    public static CronTimes From(IReadOnlyList<string> fields)
    {
        var read = fields.Select((text, i) => CronField.Parse(text, CronFieldKind.All[i])).ToList();
        var time = string.Join(' ', List(read, Second), List(read, Minute), List(read, Hour));
        var expressions = Days(read).Select(d => CronExpression.Parse($"{time} {d.Day} {d.Months} {d.Weekday}", CronFormat.IncludeSeconds)).ToList();
        return new(expressions, fields.Count > Year && !read[Year].IsAny ? [.. read[Year].Values] : null);
    }

    /// <summary>Returns the first time after <paramref name="after"/>, or null if there is none.</summary>
    public DateTime? NextAfter(DateTime after)
    {
        for (var from = DateTime.SpecifyKind(after, DateTimeKind.Utc); ;)
        {
            var next = _expressions.Min(e => e.GetNextOccurrence(from));
            if (next is not { } found || _years?.Contains(found.Year) != false)
                return next;
            var year = _years.FirstOrDefault(y => y > found.Year);
            if (year == 0)
                return null;
            from = new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks(-1);
        }
    }

    private static IEnumerable<(string Day, string Months, string Weekday)> Days(List<CronField> fields)
    {
        var (days, weekdays, months) = (fields[DayOfMonth], fields[DayOfWeek], List(fields, Month));
        if (days.IsAny && weekdays.IsAny)
            yield return ("*", months, "*");
        if (!days.IsAny)
        {
            if (days.Values.Count > 0)
                yield return (List(fields, DayOfMonth), months, "*");
            foreach (var (form, of) in days.Forms.SelectMany(f => Fit(f, fields[Month].Values)))
                yield return (form, of, "*");
        }
        if (!weekdays.IsAny)
        {
            if (weekdays.Values.Count > 0)
                yield return ("*", months, string.Join(',', weekdays.Values.Select(Unix)));
            foreach (var form in weekdays.Forms)
                yield return ("*", months, Unix(form[0] - '0') + form[1..]);
        }
    }

    // In a month that is too short, 31W means the last weekday.
    private static IEnumerable<(string Form, string Months)> Fit(string form, IReadOnlyCollection<int> months)
    {
        if (form[0] == 'L' || int.Parse(form[..^1], CultureInfo.InvariantCulture) is not (> DaysOfFebruary and var day))
            return [(form, string.Join(',', months))];
        var isShort = months.ToLookup(m => m == February || day == CronFieldKind.All[DayOfMonth].Max);
        return isShort.Select(g => (g.Key ? "LW" : form, string.Join(',', g)));
    }

    private static string List(List<CronField> fields, int index)
        => fields[index].Values.Count > CronFieldKind.All[index].Max - CronFieldKind.All[index].Min ? "*" : string.Join(',', fields[index].Values);

    // Quartz numbers the days from Sunday as 1, Cronos from Sunday as 0.
    private static string Unix(int day) => (day - 1).ToString(CultureInfo.InvariantCulture);
}
