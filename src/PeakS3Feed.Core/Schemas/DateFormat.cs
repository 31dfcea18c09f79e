using System.Globalization;
using System.Text;

namespace PeakS3Feed.Schemas;

/// <summary>One date or time format of a feed, and the type of its values.</summary>
internal sealed class DateFormat
{
    private const string TimeSpecifiers = "HhmsfFt";
    private const long TicksPerMicro = TimeSpan.TicksPerMillisecond / 1000;

    private readonly string _format;
    private readonly bool _zoneMayBeMissing;

    public DateFormat(string format)
    {
        var specifiers = Specifiers(format);
        if (format.Length < 2 || !HasWholeDate(specifiers) || !HasWholeHour(specifiers) || !IsFormat(format))
            throw SchemaErrors.DateFormatInvalid(format);
        _format = format;
        _zoneMayBeMissing = specifiers.Contains('K', StringComparison.Ordinal);
        var hasZone = _zoneMayBeMissing || specifiers.Contains('z', StringComparison.OrdinalIgnoreCase);
        var hasTime = hasZone || TimeSpecifiers.Any(specifiers.Contains);
        Type = hasZone ? ColumnType.TimestampTz : hasTime ? ColumnType.Timestamp : ColumnType.Date;
    }

    /// <summary>Date, Timestamp or TimestampTz. A literal <c>Z</c>, and <c>UTC</c> or <c>GMT</c> in quotes, mean UTC.</summary>
    public ColumnType Type { get; }

    /// <summary>Parses a value into days (Date) or microseconds since 1970-01-01; false when it does not match the format.</summary>
    public bool TryParse(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        DateTime read;
        if (Type != ColumnType.TimestampTz)
        {
            if (!DateTime.TryParseExact(text, _format, CultureInfo.InvariantCulture, DateTimeStyles.None, out read))
                return false;
        }
        else
        {
            if (_zoneMayBeMissing
                && (!DateTime.TryParseExact(text, _format, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out read)
                    || read.Kind == DateTimeKind.Unspecified))
                return false;
            if (!DateTimeOffset.TryParseExact(text, _format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
                return false;
            read = instant.UtcDateTime;
        }

        var ticks = read.Ticks - DateTime.UnixEpoch.Ticks;
        value = Type == ColumnType.Date ? ticks / TimeSpan.TicksPerDay : ticks / TicksPerMicro;
        return ticks % TicksPerMicro == 0;
    }

    // The day of the week (ddd) is not the day of the month.
    private static bool HasWholeDate(string specifiers)
        => specifiers.Contains('y', StringComparison.Ordinal) && specifiers.Contains('M', StringComparison.Ordinal)
            && specifiers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(run => run is "d" or "dd");

    // Without AM or PM, half past twelve would be read as half past midnight.
    private static bool HasWholeHour(string specifiers)
        => !specifiers.Contains('h', StringComparison.Ordinal) || specifiers.Contains('t', StringComparison.Ordinal);

    // Returns the specifiers of the format, equal letters as one run, separated by blanks. Quoted and escaped text is left out, but Z replaces it
    // where it means UTC.
    private static string Specifiers(string format)
    {
        var runs = new StringBuilder();
        for (var at = 0; at < format.Length;)
        {
            var end = EndOfRun(format, at);
            var literal = format[at] is '\'' or '"' or '\\' ? format[at..end].Trim('\'', '"', '\\', ' ') : null;
            runs.Append(literal is null ? format[at..end] : literal is "Z" or "UTC" or "GMT" ? "Z" : "").Append(' ');
            at = end;
        }

        return runs.ToString();
    }

    private static int EndOfRun(string format, int at)
    {
        if (format[at] == '\\')
            return Math.Min(at + 2, format.Length);
        if (format[at] is '\'' or '"')
            return format.IndexOf(format[at], at + 1) is > 0 and var close ? close + 1 : format.Length;
        var end = at + 1;
        while (end < format.Length && format[end] == format[at])
            end++;
        return end;
    }

    private static bool IsFormat(string format)
    {
        try
        {
            _ = DateTimeOffset.UnixEpoch.ToString(format, CultureInfo.InvariantCulture);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
