using PeakS3Feed.Errors;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>A number of rows of one object, as columns. Parsing fills a batch, a destination reads it, and then it is reused.</summary>
public sealed class RowBatch
{
    private readonly ColumnVector[] _columns;

    /// <summary>Creates an empty batch.</summary>
    public RowBatch(FeedSchema schema)
        : this(schema, int.MaxValue)
    {
    }

    /// <summary>Creates an empty batch that is full with so many rows.</summary>
    internal RowBatch(FeedSchema schema, int fullRows)
    {
        Schema = schema;
        _columns = [.. schema.Columns.Select(c => ColumnVector.CreateFor(c, fullRows))];
    }

    /// <summary>Creates a batch of filled columns, which must have the same length.</summary>
    public RowBatch(FeedSchema schema, IEnumerable<ColumnVector> columns, int count)
    {
        Schema = schema;
        _columns = [.. columns];
        Count = count;
    }

    /// <summary>The definitions of the columns, in the order of <see cref="Columns"/>.</summary>
    public FeedSchema Schema { get; }

    /// <summary>The columns.</summary>
    public ReadOnlySpan<ColumnVector> Columns => _columns;

    /// <summary>The number of complete rows.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The line and byte offset of each row, where they are stored (<see cref="RowAssemblerOptions.KeepPositions"/>); otherwise empty.
    /// </summary>
    internal List<(long Line, long ByteOffset)> Positions { get; private init; } = [];

    /// <summary>The bytes of memory that the columns have reserved.</summary>
    internal long CapacityInBytes => _columns.Sum(c => c.CapacityInBytes);

    /// <summary>Returns the same rows with other columns and their schema.</summary>
    internal RowBatch With(FeedSchema schema, IEnumerable<ColumnVector> columns) => new(schema, columns, Count) { Positions = Positions };

    /// <summary>Counts a row after all its values were appended.</summary>
    public void CompleteRow() => Count++;

    /// <summary>Counts rows after all their values were appended.</summary>
    internal void CompleteRows(int count) => Count += count;

    /// <summary>Removes the values of incomplete rows.</summary>
    public void AbandonRow()
    {
        foreach (var column in _columns)
            column.Truncate(Count);
    }

    /// <summary>Removes all rows.</summary>
    public void Clear()
    {
        Count = 0;
        Positions.Clear();
        AbandonRow();
    }
}

/// <summary>The rows of one part of a file, after typing.</summary>
/// <param name="Rows">The rows that can be loaded; may be empty. Its schema may have more columns than the previous batch.</param>
/// <param name="Rejects">The rows that cannot be loaded.</param>
/// <param name="RowsRead">The number of rows read: those that can be loaded and the rejects.</param>
/// <param name="EndOfFile">Whether the file has ended.</param>
public sealed record AssembledBatch(RowBatch Rows, IReadOnlyList<Reject> Rejects, long RowsRead, bool EndOfFile)
{
    /// <summary>The warnings about the file that no earlier batch has.</summary>
    public IReadOnlyList<FeedWarning> Warnings { get; init; } = [];

    /// <summary>For each column, whether the file has its field. Only at the end of a file with loadable rows; otherwise null.</summary>
    public IReadOnlyList<bool>? FileHas { get; init; }
}
