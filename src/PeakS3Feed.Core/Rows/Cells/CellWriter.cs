using PeakS3Feed.Formats;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows.Cells;

/// <summary>
/// Writes the values of one column into a vector, or says why a value does not fit. It is pointed at another vector of that column for
/// every batch.
/// </summary>
internal abstract class CellWriter(FeedColumn column, bool isKey)
{
    private readonly string? _nullReason = isKey ? "NULL in a column of the primary key"
        : column.Nullable ? null
        : "NULL in a column that does not allow it";

    /// <summary>The column.</summary>
    protected FeedColumn Column { get; } = column;

    /// <summary>Makes the writer for a column.</summary>
    public static CellWriter Create(FeedColumn column, bool isKey, ValueLimits limits, DateFormatSet dates) => column.Type switch
    {
        ColumnType.Text => new TextCellWriter(column, isKey, limits),
        ColumnType.Json => new JsonCellWriter(column, isKey, limits),
        ColumnType.Boolean => new BooleanCellWriter(column, isKey),
        ColumnType.BigInt => new BigIntCellWriter(column, isKey),
        ColumnType.Decimal => new DecimalCellWriter(column, isKey),
        ColumnType.Double => new DoubleCellWriter(column, isKey),
        ColumnType.Date => new DateCellWriter(column, isKey, dates),
        ColumnType.Timestamp or ColumnType.TimestampTz => new TimestampCellWriter(column, isKey, dates),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, null),
    };

    /// <summary>Points it at the vector to write to.</summary>
    public abstract void Bind(ColumnVector vector);

    /// <summary>Appends a value; the reason when it does not fit, and then nothing is appended.</summary>
    public abstract string? Append(ReadOnlySpan<byte> utf8, FieldKind kind);

    /// <summary>Appends NULL, or says why there can be none.</summary>
    protected string? AppendNull(ColumnVector vector)
    {
        if (_nullReason is null)
            vector.AppendNull();
        return _nullReason;
    }

    /// <summary>The reason for a value that is not of the column's type.</summary>
    protected string Misfit(ReadOnlySpan<byte> utf8, FieldKind kind) => Reason.Misfit(utf8, kind, Column.TypeName);
}
