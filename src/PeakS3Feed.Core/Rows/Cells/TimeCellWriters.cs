#pragma warning disable MA0048 // a class each of three lines; they are read together
using PeakS3Feed.Formats;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows.Cells;

/// <summary>Dates and times: from CSV and JSON strings.</summary>
internal abstract class TimeCellWriter<T>(FeedColumn column, bool isKey, DateFormatSet dates) : FixedCellWriter<T>(column, isKey)
    where T : unmanaged
{
    protected DateFormatSet Dates { get; } = dates;

    protected sealed override bool Accepts(FieldKind kind) => kind is FieldKind.Unquoted or FieldKind.Quoted or FieldKind.JsonString;
}

/// <summary>Days since 1970-01-01.</summary>
internal sealed class DateCellWriter(FeedColumn column, bool isKey, DateFormatSet dates) : TimeCellWriter<int>(column, isKey, dates)
{
    protected override bool TryParse(ReadOnlySpan<byte> utf8, out int value) => Dates.TryParseDate(utf8, out value);
}

/// <summary>Microseconds since 1970-01-01T00:00:00, with a zone or without.</summary>
internal sealed class TimestampCellWriter(FeedColumn column, bool isKey, DateFormatSet dates) : TimeCellWriter<long>(column, isKey, dates)
{
    private readonly bool _zoned = column.Type == ColumnType.TimestampTz;

    protected override bool TryParse(ReadOnlySpan<byte> utf8, out long value)
        => _zoned ? Dates.TryParseTimestampTz(utf8, out value) : Dates.TryParseTimestamp(utf8, out value);
}
