using System.Globalization;
using PeakS3Feed.Errors;
using Quartz;

namespace PeakS3Feed.Triggers;

/// <summary>Reads a cron expression, and finds the field that is at fault when it is none.</summary>
internal sealed class CronReader(string text)
{
    private const int UnixFields = 5;
    private const int DayOfMonth = 3;
    private const int Month = 4;
    private const int DayOfWeek = 5;
    private const int Year = 6;

    private static readonly int[] Highest = [59, 59, 23, 31, 12, 7];

    private static readonly string[] Names = ["seconds", "minutes", "hours", "day of month", "month", "day of week", "year"];

    // Long before any year that is worth naming: what fires at no time after it is a day that does not exist.
    private static readonly DateTimeOffset Early = new(1999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    private readonly List<(int Start, string Text)> _fields = Split(text);

    private bool IsUnix => _fields.Count == UnixFields;

    // Where a field of ours stands among those of Quartz.
    private int Shift => IsUnix ? 1 : 0;

    public CronText Read()
    {
        if (_fields is not [(_, ['@', ..])] && _fields.Count is not (UnixFields or 6 or 7))
            throw TriggerErrors.CronFieldCount(text, _fields.Count);
        if (_fields.Count > 1)
            CheckValues();
        if (IsUnix)
            CheckDays();
        try
        {
            var expression = CronExpression.Parse(text.Trim(), IsUnix ? CronFormat.Unix : CronFormat.Quartz);
            return expression.WithTimeZone(TimeZoneInfo.Utc).GetNextValidTimeAfter(Early) is not null
                ? new CronText(text, expression.CronExpressionString, IsUnix)
                : throw NeverComes();
        }
        catch (FormatException error)
        {
            throw Culprit() ?? TriggerErrors.CronInvalid(text, Reason(error));
        }
    }

    // The library takes an empty part for nothing, and some numbers that are too high for signs of its own.
    private void CheckValues()
    {
        for (var i = 0; i < _fields.Count; i++)
        {
            if (i + Shift < Year && Problem(_fields[i].Text, Highest[i + Shift]) is { } problem)
                throw Field(i, problem);
        }
    }

    private static string? Problem(string field, int highest)
    {
        var parts = field.Split(',');
        if (parts.Contains("", StringComparer.Ordinal))
            return "a part of the list is empty";
        var values = parts.Select(p => p.Split('/', '#')[0]).SelectMany(p => p.Split('-'));
        return values.Any(v => int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > highest) ? $"values go up to {highest}" : null;
    }

    private FeedException Field(int index, string reason)
        => TriggerErrors.CronField(text, Names[index + Shift], index + 1, _fields[index].Start + 1, _fields[index].Text, reason);

    // Where both fields of days say something, Unix takes either; but both, where one of them begins with *. That is seldom meant, and Quartz cannot say it.
    private void CheckDays()
    {
        var (day, weekday) = (_fields[DayOfMonth - Shift].Text, _fields[DayOfWeek - Shift].Text);
        if (day is "*" or "?" || weekday is "*" or "?")
            return;
        foreach (var i in new[] { DayOfMonth - Shift, DayOfWeek - Shift })
        {
            if (_fields[i].Text.StartsWith('*'))
                throw Field(i, "beside another field of days, cron asks for both when it begins with *, which cannot be had here; a range such as 1-31/2 asks for either");
        }
    }

    // Each field by itself, among others that are fine with whatever it is.
    private FeedException? Culprit()
    {
        // A name such as @daily has no fields.
        if (_fields.Count < UnixFields)
            return null;
        for (var i = 0; i < _fields.Count; i++)
        {
            try
            {
                CronExpression.Parse(Alone(i), IsUnix ? CronFormat.Unix : CronFormat.Quartz);
            }
            catch (FormatException error)
            {
                return Field(i, Reason(error));
            }
        }

        return null;
    }

    private string Alone(int index)
    {
        var fields = Enumerable.Repeat("*", Math.Max(_fields.Count, UnixFields)).ToArray();
        if (!IsUnix)
        {
            // One of the two must be left open, and is open to any day.
            fields[DayOfMonth] = index == DayOfMonth ? "*" : "?";
            fields[DayOfWeek] = index == DayOfMonth && _fields[index].Text != "?" ? "?" : "*";
        }

        fields[index] = _fields[index].Text;
        return string.Join(' ', fields);
    }

    private FeedException NeverComes()
    {
        var (day, month) = (_fields[DayOfMonth - Shift], _fields[Month - Shift]);
        if (_fields.Count > Year && Comes([.. _fields.Take(Year).Select(f => f.Text)]))
            return Field(Year, "none of its other fields has a time in it");
        return TriggerErrors.CronNeverComes(text, (DayOfMonth - Shift + 1, day.Start + 1, day.Text), (Month - Shift + 1, month.Text));
    }

    private static bool Comes(string[] fields)
        => CronExpression.Parse(string.Join(' ', fields)).WithTimeZone(TimeZoneInfo.Utc).GetNextValidTimeAfter(Early) is not null;

    // The library's own words, as the end of a sentence of ours.
    private static string Reason(Exception error)
        => error.InnerException is ArgumentException ? "it is not written as a field is" : error.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.');

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
