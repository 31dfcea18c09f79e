using System.Runtime.InteropServices;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>A data file of a load, complete or being written.</summary>
/// <param name="number">Its number in the stage.</param>
/// <param name="name">Its name in the table's folder.</param>
/// <param name="fields">Its columns.</param>
/// <param name="partition">The values of the partition columns that its rows share.</param>
internal sealed class TablePart(int number, string name, IReadOnlyList<ParquetField> fields, PartitionValues partition)
{
    private readonly List<Run> _runs = [];
    /// <summary>The number in the stage.</summary>
    public int Number => number;

    /// <summary>The name in the table's folder.</summary>
    public string Name => name;

    /// <summary>The columns.</summary>
    public IReadOnlyList<ParquetField> Fields => fields;

    /// <summary>The values of the partition columns.</summary>
    public PartitionValues Partition => partition;

    /// <summary>Size, rows and bounds; null until the file is complete.</summary>
    public ParquetFileInfo? Info { get; set; }

    /// <summary>The rows that are in the file but are not loaded: of an object that was undone, or refused by another destination.</summary>
    public RowSet Dropped { get; } = new();

    /// <summary>The number of rows that the file has.</summary>
    public long Rows { get; private set; }

    /// <summary>The number of rows that are loaded.</summary>
    public long LoadedRows => Rows - Dropped.Count;

    /// <summary>Returns the bounds of a column.</summary>
    public ColumnRange GetRange(FeedColumn column)
    {
        var value = partition.Values.FirstOrDefault(v => string.Equals(v.Key, column.Name, StringComparison.OrdinalIgnoreCase));
        if (value.Key is not null)
            return FileRange.FromPartition(value.Value, column);
        var found = Info!.Columns.FirstOrDefault(c => string.Equals(c.Name, column.Name, StringComparison.OrdinalIgnoreCase));
        return new ColumnRange(column, found?.Min, found?.Max);
    }

    /// <summary>Records that rows of an object follow.</summary>
    /// <param name="ordinal">The object's number in the load.</param>
    /// <param name="row">The number of the first of them in the object.</param>
    /// <param name="count">Their number.</param>
    public void Add(long ordinal, long row, int count)
    {
        if (_runs.Count > 0 && _runs[^1] is var last && last.Ordinal == ordinal && last.Row + last.Count == row)
            _runs[^1] = last with { Count = last.Count + count };
        else
            _runs.Add(new Run(ordinal, row, count, Rows));
        Rows += count;
    }

    /// <summary>Drops all rows of an object.</summary>
    public void DropObject(long ordinal)
    {
        foreach (var run in _runs.Where(r => r.Ordinal == ordinal))
            Dropped.AddRange(run.At, run.Count);
    }

    /// <summary>Drops one row of an object, if the file has it.</summary>
    public void DropRow(long ordinal, long row)
    {
        foreach (var run in _runs.Where(r => r.Ordinal == ordinal && row >= r.Row && row < r.Row + r.Count))
            Dropped.Add(run.At + row - run.Row);
    }

    // Rows of a partition are not consecutive in their object, so such files have many runs.
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Run(long Ordinal, long Row, long Count, long At);
}
