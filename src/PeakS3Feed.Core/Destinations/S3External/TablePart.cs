using System.Runtime.InteropServices;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>A data file of a load, complete or being written.</summary>
/// <param name="number">Its number in the stage.</param>
/// <param name="name">Its name in the table's folder.</param>
/// <param name="fields">Its columns.</param>
/// <param name="partition">The values of the partition columns that its rows share.</param>
/// <param name="runs">Keeps which rows of which objects its rows are.</param>
internal sealed class TablePart(int number, string name, IReadOnlyList<ParquetField> fields, PartitionValues partition, RowRuns runs)
{
    // Passed on together, because all lanes of the load share what keeps them.
    private const int MaxWaitingRuns = 1024;

    private readonly List<RowRun> _waitingRuns = [];
    private RowRun _last; // the next row may continue it

    /// <summary>The number in the stage.</summary>
    public int Number => number;

    /// <summary>The name in the table's folder.</summary>
    public string Name => name;

    /// <summary>The columns.</summary>
    public IReadOnlyList<ParquetField> Fields => fields;

    /// <summary>The values of the partition columns.</summary>
    public PartitionValues Partition => partition;

    /// <summary>Size, rows and bounds; null until the file is complete.</summary>
    public ParquetFileInfo? Info { get; private set; }

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

    /// <summary>Records that a row, and others that follow it in its object, are the next rows of the file.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">Their number.</param>
    public void Add(RowOrigin first, int count)
    {
        var next = new RowRun(first, count);
        if (_last.Count > 0 && _last.IsContinuedBy(next))
        {
            _last = _last with { Count = _last.Count + count };
        }
        else
        {
            KeepLast();
            _last = next;
        }
        Rows += count;
    }

    /// <summary>Records that the file is complete.</summary>
    public void Complete(ParquetFileInfo info)
    {
        Info = info;
        KeepRuns();
    }

    /// <summary>Drops all rows from one of them on.</summary>
    public void DropFrom(long row) => Dropped.AddRange(row, Rows - row);

    /// <summary>Drops those rows that the file has.</summary>
    /// <param name="rows">The rows, in loading order.</param>
    public void Drop(IReadOnlyList<RowOrigin> rows)
    {
        KeepRuns();
        long at = 0;
        foreach (var run in runs.Read(number))
        {
            for (var i = FindFirst(rows, run.First); i < rows.Count && rows[i].Ordinal == run.First.Ordinal && rows[i].Row < run.End; i++)
                Dropped.Add(at + rows[i].Row - run.First.Row);
            at += run.Count;
        }
    }

    // The first of the rows that is not before another one.
    private static int FindFirst(IReadOnlyList<RowOrigin> rows, RowOrigin from)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (rows[middle].CompareTo(from) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private void KeepRuns()
    {
        KeepLast();
        PassOn();
        _waitingRuns.TrimExcess();
    }

    private void KeepLast()
    {
        if (_last.Count > 0)
            _waitingRuns.Add(_last);
        _last = default;
        if (_waitingRuns.Count >= MaxWaitingRuns)
            PassOn();
    }

    private void PassOn()
    {
        runs.Add(number, CollectionsMarshal.AsSpan(_waitingRuns));
        _waitingRuns.Clear();
    }
}
