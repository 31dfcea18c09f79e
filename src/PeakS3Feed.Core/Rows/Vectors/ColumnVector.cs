using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows.Vectors;

/// <summary>One column of a batch: typed values, and one bit for each row that is set where the value is NULL.</summary>
public abstract class ColumnVector
{
    /// <summary>The initial capacity in rows: small, because a table may have a thousand columns.</summary>
    protected const int FirstRows = 64;

    private ulong[] _nulls = new ulong[FirstRows / 64];

    /// <summary>Creates an empty vector for a column.</summary>
    protected ColumnVector(FeedColumn column) => Column = column;

    /// <summary>The column.</summary>
    public FeedColumn Column { get; }

    /// <summary>The number of values.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the vector may contain NULL; false when it contains none.</summary>
    public bool HasNulls { get; private set; }

    /// <summary>One bit for each row, the first row in the lowest bit, set where the value is NULL. For code that processes a whole column.</summary>
    public ReadOnlySpan<ulong> Nulls => _nulls.AsSpan(0, (Count + 63) >> 6);

    /// <summary>The bytes of memory that are reserved.</summary>
    internal virtual long CapacityInBytes => _nulls.Length * sizeof(ulong);

    /// <summary>Whether the value of a row is NULL.</summary>
    public bool IsNull(int row) => (_nulls[row >> 6] & (1UL << (row & 63))) != 0;

    /// <summary>Appends NULL.</summary>
    public void AppendNull() => AppendNulls(1);

    /// <summary>Removes all rows from <paramref name="count"/> on, for example the values of a row that turns out to be a reject.</summary>
    public virtual void Truncate(int count)
    {
        ClearNulls(count);
        Count = count;
    }

    /// <summary>Creates the vector for a column.</summary>
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

    /// <summary>Appends NULL <paramref name="count"/> times.</summary>
    internal abstract void AppendNulls(int count);

    /// <summary>
    /// Marks a row in the reserved space as NULL. The mark is removed if the row is not counted and other rows are written to its place.
    /// </summary>
    internal void MarkNull(int row)
    {
        _nulls[row >> 6] |= 1UL << (row & 63);
        HasNulls = true;
    }

    /// <summary>Counts values that were written to the reserved space.</summary>
    internal void Advance(int count) => Count += count;

    /// <summary>Counts values that are all NULL.</summary>
    protected void MarkNulls(int count)
    {
        for (var row = Count; row < Count + count; row++)
            MarkNull(row);
        Count += count;
    }

    /// <summary>Reserves the NULL bits of <paramref name="count"/> more rows.</summary>
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
