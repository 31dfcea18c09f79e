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

    /// <summary>Whether reasons may show the value, which is customer data.</summary>
    public bool ShowsValues { get; init; } = true;

    /// <summary>The column.</summary>
    protected FeedColumn Column { get; } = column;

    /// <summary>Makes the writer for a column.</summary>
    public static CellWriter Create(FeedColumn column, bool isKey, ValueLimits limits, DateFormatSet dates, bool showsValues = true) => column.Type switch
    {
        ColumnType.Text => new TextCellWriter(column, isKey, limits) { ShowsValues = showsValues },
        ColumnType.Json => new JsonCellWriter(column, isKey, limits) { ShowsValues = showsValues },
        ColumnType.Boolean => new BooleanCellWriter(column, isKey) { ShowsValues = showsValues },
        ColumnType.BigInt => new BigIntCellWriter(column, isKey) { ShowsValues = showsValues },
        ColumnType.Decimal => new DecimalCellWriter(column, isKey) { ShowsValues = showsValues },
        ColumnType.Double => new DoubleCellWriter(column, isKey) { ShowsValues = showsValues },
        ColumnType.Date => new DateCellWriter(column, isKey, dates) { ShowsValues = showsValues },
        ColumnType.Timestamp or ColumnType.TimestampTz => new TimestampCellWriter(column, isKey, dates) { ShowsValues = showsValues },
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
    protected string Misfit(ReadOnlySpan<byte> utf8, FieldKind kind) => Reason.Misfit(utf8, kind, Column.TypeName, ShowsValues);
}
