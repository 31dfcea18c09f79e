using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>Some rows of one object, as columns. Parsing fills it, a destination empties it; it is used again.</summary>
public sealed class RowBatch
{
    private readonly ColumnVector[] _columns;

    /// <summary>Makes an empty batch.</summary>
    public RowBatch(FeedSchema schema)
    {
        Schema = schema;
        _columns = [.. schema.Columns.Select(ColumnVector.Create)];
    }

    /// <summary>A batch of columns that are filled already; all must be of one length.</summary>
    public RowBatch(FeedSchema schema, IEnumerable<ColumnVector> columns, int count)
    {
        Schema = schema;
        _columns = [.. columns];
        Count = count;
    }

    /// <summary>The columns' definitions, in the order of <see cref="Columns"/>.</summary>
    public FeedSchema Schema { get; }

    /// <summary>The columns.</summary>
    public ReadOnlySpan<ColumnVector> Columns => _columns;

    /// <summary>The number of whole rows.</summary>
    public int Count { get; private set; }

    /// <summary>Line and byte offset of each row, where they are kept (<see cref="RowAssemblerOptions.KeepPositions"/>); else empty.</summary>
    internal List<(long Line, long ByteOffset)> Positions { get; private init; } = [];

    /// <summary>The same rows with columns that were added to them.</summary>
    internal RowBatch With(FeedSchema schema, IEnumerable<ColumnVector> columns) => new(schema, columns, Count) { Positions = Positions };

    /// <summary>Counts the row whose values were all appended.</summary>
    public void CompleteRow() => Count++;

    /// <summary>Counts rows whose values were all appended.</summary>
    internal void CompleteRows(int count) => Count += count;

    /// <summary>Drops the values of rows that were begun and not completed.</summary>
    public void AbandonRow()
    {
        foreach (var column in _columns)
            column.Truncate(Count);
    }

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        Count = 0;
        Positions.Clear();
        AbandonRow();
    }
}
