using System.Text;
using System.Text.Unicode;
using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Schemas;

/// <summary>
/// The accepted forms of dates and times: the formats that a feed specifies and, where none of these matches, ISO 8601. A value that two of the
/// feed's formats read differently does not match. Immutable.
/// </summary>
public sealed class DateFormatSet
{
    private const int MaxValueBytes = 128;

    private readonly DateFormat[] _formats;

    /// <summary>Creates a set. Throws with id <c>DateFormatInvalid</c>.</summary>
    /// <param name="formats">.NET custom format strings for the invariant culture. Each must have a year, a month and a day.</param>
    public DateFormatSet(IEnumerable<string> formats) => _formats = [.. formats.Select(f => new DateFormat(f))];

    private enum Reading
    {
        None,
        One,
        Several,
    }

    /// <summary>ISO 8601 only.</summary>
    public static DateFormatSet Iso { get; } = new([]);

    /// <summary>Parses a date into days since 1970-01-01.</summary>
    internal bool TryParseDate(ReadOnlySpan<byte> utf8, out int days)
    {
        if (_formats.Length == 0)
            return IsoTime.TryParseDate(utf8, out days);
        var own = ParseOwn(ColumnType.Date, utf8, out var value);
        days = (int)value;
        return own == Reading.None ? IsoTime.TryParseDate(utf8, out days) : own == Reading.One;
    }

    /// <summary>Parses a timestamp into microseconds since 1970-01-01T00:00:00.</summary>
    internal bool TryParseTimestamp(ReadOnlySpan<byte> utf8, out long micros)
    {
        if (_formats.Length == 0)
            return IsoTime.TryParseTimestamp(utf8, out micros);
        var own = ParseOwn(ColumnType.Timestamp, utf8, out micros);
        return own == Reading.None ? IsoTime.TryParseTimestamp(utf8, out micros) : own == Reading.One;
    }

    /// <summary>Parses an instant into microseconds since 1970-01-01T00:00:00Z.</summary>
    internal bool TryParseTimestampTz(ReadOnlySpan<byte> utf8, out long micros)
    {
        if (_formats.Length == 0)
            return IsoTime.TryParseTimestampTz(utf8, out micros);
        var own = ParseOwn(ColumnType.TimestampTz, utf8, out micros);
        return own == Reading.None ? IsoTime.TryParseTimestampTz(utf8, out micros) : own == Reading.One;
    }

    // Parses a value with the feed's formats. They have precedence over ISO 8601, because yyyy-dd-MM looks the same.
    private Reading ParseOwn(ColumnType type, ReadOnlySpan<byte> utf8, out long value)
    {
        value = 0;
        if (utf8.IsEmpty || utf8.Length > MaxValueBytes || !Utf8.IsValid(utf8))
            return Reading.None;
        Span<char> text = stackalloc char[MaxValueBytes];
        text = text[..Encoding.UTF8.GetChars(utf8, text)];
        var found = Reading.None;
        foreach (var format in _formats)
        {
            if (format.Type != type || !format.TryParse(text, out var reading))
                continue;
            if (found == Reading.One && reading != value)
                return Reading.Several;
            (found, value) = (Reading.One, reading);
        }

        return found;
    }
}
