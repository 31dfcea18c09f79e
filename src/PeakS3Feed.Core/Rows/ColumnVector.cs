using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>One column of a batch: typed values and a bit for each row that says whether it is NULL.</summary>
public abstract class ColumnVector
{
    /// <summary>Rows that a vector has room for at first: few, for a table may have a thousand columns.</summary>
    protected const int FirstRows = 64;

    private ulong[] _nulls = new ulong[FirstRows / 64];

    /// <summary>Makes an empty vector for a column.</summary>
    protected ColumnVector(FeedColumn column) => Column = column;

    /// <summary>The column.</summary>
    public FeedColumn Column { get; }

    /// <summary>The number of values.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a value may be NULL; false where none is.</summary>
    public bool HasNulls { get; private set; }

    /// <summary>A bit for each row, the first one lowest: set where the value is NULL. For whoever goes through a whole column.</summary>
    public ReadOnlySpan<ulong> Nulls => _nulls.AsSpan(0, (Count + 63) >> 6);

    /// <summary>Whether the value of that row is NULL.</summary>
    public bool IsNull(int row) => (_nulls[row >> 6] & (1UL << (row & 63))) != 0;

    /// <summary>Appends NULL.</summary>
    public void AppendNull() => AppendNulls(1);

    /// <summary>Drops all rows from <paramref name="count"/> on; a row that turns out to be a reject is undone this way.</summary>
    public virtual void Truncate(int count)
    {
        ClearNulls(count);
        Count = count;
    }

    /// <summary>Makes the vector for a column.</summary>
    public static ColumnVector Create(FeedColumn column) => column.Type switch
    {
        ColumnType.Text or ColumnType.Json => new Utf8Vector(column),
        ColumnType.Boolean => new FixedVector<bool>(column),
        ColumnType.BigInt or ColumnType.Timestamp or ColumnType.TimestampTz => new FixedVector<long>(column),
        ColumnType.Decimal => new FixedVector<Int128>(column),
        ColumnType.Double => new FixedVector<double>(column),
        ColumnType.Date => new FixedVector<int>(column),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, null),
    };

    /// <summary>Appends NULL so many times.</summary>
    internal abstract void AppendNulls(int count);

    /// <summary>Says that a row, which room was made for, is NULL. The bit goes when the row is not counted and others are written in its place.</summary>
    internal void MarkNull(int row)
    {
        _nulls[row >> 6] |= 1UL << (row & 63);
        HasNulls = true;
    }

    /// <summary>Counts values that were written into the room made for them.</summary>
    internal void Advance(int count) => Count += count;

    /// <summary>Counts values that are all NULL.</summary>
    protected void MarkNulls(int count)
    {
        for (var row = Count; row < Count + count; row++)
            MarkNull(row);
        Count += count;
    }

    /// <summary>Makes room for the bits of so many more rows.</summary>
    protected void ReserveRows(int count)
    {
        if (Count + count > _nulls.Length * 64)
            Array.Resize(ref _nulls, Math.Max((Count + count + 63) >> 6, _nulls.Length * 2));
    }

    private void ClearNulls(int from)
    {
        if (!HasNulls)
            return;
        var word = from >> 6;
        if (word < _nulls.Length)
        {
            _nulls[word] &= (1UL << (from & 63)) - 1;
            _nulls.AsSpan(word + 1).Clear();
        }

        HasNulls = from > 0;
    }
}
