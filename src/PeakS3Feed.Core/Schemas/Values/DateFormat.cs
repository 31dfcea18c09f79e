using System.Globalization;

namespace PeakS3Feed.Schemas.Values;

/// <summary>One of a feed's own formats of dates and times, and what it yields.</summary>
internal sealed class DateFormat
{
    private const string DateSpecifiers = "yMd";
    private const string TimeSpecifiers = "HhmsfFt";
    private const long TicksPerMicro = TimeSpan.TicksPerMillisecond / 1000;

    private readonly string _format;
    private readonly bool _zoneMayBeMissing;

    public DateFormat(string format)
    {
        var specifiers = Specifiers(format);
        if (format.Length < 2 || !DateSpecifiers.All(specifiers.Contains) || !IsFormat(format))
            throw SchemaErrors.DateFormatInvalid(format);
        _format = format;
        _zoneMayBeMissing = specifiers.Contains('K', StringComparison.Ordinal);
        var hasZone = _zoneMayBeMissing || specifiers.Contains('z', StringComparison.OrdinalIgnoreCase);
        var hasTime = hasZone || TimeSpecifiers.Any(specifiers.Contains);
        Type = hasZone ? ColumnType.TimestampTz : hasTime ? ColumnType.Timestamp : ColumnType.Date;
    }

    /// <summary>Date, Timestamp or TimestampTz. A literal <c>Z</c> means UTC.</summary>
    public ColumnType Type { get; }

    /// <summary>Reads a value into days (Date) or microseconds since 1970-01-01; false when it is not written this way.</summary>
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

    // The letters of the format that are not quoted or escaped.
    private static string Specifiers(string format)
    {
        var letters = new List<char>();
        var quote = '\0';
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (c == '\\')
                i++;
            else if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c is '\'' or '"')
                quote = c;
            else
                letters.Add(c);
        }

        return new string([.. letters]);
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
