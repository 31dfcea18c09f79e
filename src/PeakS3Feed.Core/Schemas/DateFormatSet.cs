using System.Text;
using System.Text.Unicode;
using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Schemas;

/// <summary>How dates and times may be written: ISO 8601 and, besides, the formats that a feed names. Immutable.</summary>
public sealed class DateFormatSet
{
    private const int LongestValue = 128;

    private readonly DateFormat[] _formats;

    /// <summary>Makes a set. Throws with id <c>DateFormatInvalid</c>.</summary>
    /// <param name="formats">.NET custom format strings, read with the invariant culture; each must have a year, a month and a day.</param>
    public DateFormatSet(IEnumerable<string> formats) => _formats = [.. formats.Select(f => new DateFormat(f))];

    /// <summary>ISO 8601 only.</summary>
    public static DateFormatSet Iso { get; } = new([]);

    /// <summary>Days since 1970-01-01.</summary>
    internal bool TryParseDate(ReadOnlySpan<byte> utf8, out int days)
    {
        if (IsoTime.TryParseDate(utf8, out days))
            return true;
        var found = TryParseOwn(ColumnType.Date, utf8, out var value);
        days = (int)value;
        return found;
    }

    /// <summary>Microseconds since 1970-01-01T00:00:00.</summary>
    internal bool TryParseTimestamp(ReadOnlySpan<byte> utf8, out long micros)
        => IsoTime.TryParseTimestamp(utf8, out micros) || TryParseOwn(ColumnType.Timestamp, utf8, out micros);

    /// <summary>Microseconds since 1970-01-01T00:00:00Z.</summary>
    internal bool TryParseTimestampTz(ReadOnlySpan<byte> utf8, out long micros)
        => IsoTime.TryParseTimestampTz(utf8, out micros) || TryParseOwn(ColumnType.TimestampTz, utf8, out micros);

    // A value that two formats read differently is not read at all.
    private bool TryParseOwn(ColumnType type, ReadOnlySpan<byte> utf8, out long value)
    {
        value = 0;
        if (_formats.Length == 0 || utf8.IsEmpty || utf8.Length > LongestValue || !Utf8.IsValid(utf8))
            return false;
        Span<char> text = stackalloc char[LongestValue];
        text = text[..Encoding.UTF8.GetChars(utf8, text)];
        var found = false;
        foreach (var format in _formats)
        {
            if (format.Type != type || !format.TryParse(text, out var reading))
                continue;
            if (found && reading != value)
                return false;
            (found, value) = (true, reading);
        }

        return found;
    }
}
