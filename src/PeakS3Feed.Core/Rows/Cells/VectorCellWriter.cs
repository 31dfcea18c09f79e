using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows.Cells;

/// <summary>Writes values to one type of vector, and NULL where the column allows it.</summary>
internal abstract class VectorCellWriter<TVector>(FeedColumn column, bool isKey) : CellWriter(column)
    where TVector : ColumnVector
{
    private readonly string? _nullReason = isKey ? "NULL in a column of the primary key"
        : column.Nullable ? null
        : "NULL in a column that does not allow it";

    /// <summary>The vector to write to.</summary>
    protected TVector Vector { get; private set; } = null!;

    /// <summary>Whether the column allows NULL.</summary>
    protected bool AllowsNull => _nullReason is null;

    public sealed override void Bind(ColumnVector vector) => Vector = (TVector)vector;

    public sealed override bool TryAppendNulls(int count)
    {
        if (AllowsNull)
            Vector.AppendNulls(count);
        return AllowsNull;
    }

    /// <summary>Appends NULL, or returns the reason when the column does not allow it.</summary>
    protected string? AppendNull()
    {
        if (AllowsNull)
            Vector.AppendNull();
        return _nullReason;
    }
}
