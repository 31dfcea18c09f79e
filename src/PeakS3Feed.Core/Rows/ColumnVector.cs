using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>One column of a batch: typed values and a bit for each row that says whether it is NULL.</summary>
public abstract class ColumnVector
{
    private ulong[] _nulls = new ulong[16];

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
    public void AppendNull()
    {
        var row = Count;
        AppendDefault();
        _nulls[row >> 6] |= 1UL << (row & 63);
        HasNulls = true;
    }

    /// <summary>Drops all rows from <paramref name="count"/> on; a row that turns out to be a reject is undone this way.</summary>
    public virtual void Truncate(int count)
    {
        if (count == 0)
        {
            Array.Clear(_nulls);
            HasNulls = false;
        }

        for (var row = count; row < Count && count > 0; row++)
            _nulls[row >> 6] &= ~(1UL << (row & 63));
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

    /// <summary>Appends the default value and calls <see cref="Grow"/>.</summary>
    protected abstract void AppendDefault();

    /// <summary>Counts one more value.</summary>
    protected void Grow()
    {
        Count++;
        if (Count > _nulls.Length * 64)
            Array.Resize(ref _nulls, _nulls.Length * 2);
    }
}
