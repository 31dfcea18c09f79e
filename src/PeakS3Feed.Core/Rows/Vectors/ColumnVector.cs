using System.Runtime.CompilerServices;
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

    /// <summary>The number of rows for which arrays are made as they grow, so that little of a full batch is empty. More may be appended.</summary>
    internal int FullRows { get; init; } = int.MaxValue;

    /// <summary>The number of values.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the vector may contain NULL; false when it contains none.</summary>
    public bool HasNulls { get; private set; }

    /// <summary>One bit for each row, the first row in the lowest bit, set where the value is NULL. For code that processes a whole column.</summary>
    public ReadOnlySpan<ulong> Nulls => _nulls.AsSpan(0, (Count + 63) >> 6);

    /// <summary>The bytes of memory that are reserved.</summary>
    internal virtual long CapacityInBytes => _nulls.Length * sizeof(ulong);

    /// <summary>The bytes of memory that the values take, without the space that is reserved for more.</summary>
    internal abstract long SizeInBytes { get; }

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
    public static ColumnVector Create(FeedColumn column) => CreateFor(column, int.MaxValue);

    /// <summary>Creates the vector for a column of a batch that is full with so many rows.</summary>
    internal static ColumnVector CreateFor(FeedColumn column, int fullRows) => column.Type switch
    {
        ColumnType.Text or ColumnType.Json => new Utf8Vector(column) { FullRows = fullRows },
        ColumnType.Boolean => new FixedVector<bool>(column) { FullRows = fullRows },
        ColumnType.BigInt or ColumnType.Timestamp or ColumnType.TimestampTz => new FixedVector<long>(column) { FullRows = fullRows },
        ColumnType.Decimal => new FixedVector<Int128>(column) { FullRows = fullRows },
        ColumnType.Double => new FixedVector<double>(column) { FullRows = fullRows },
        ColumnType.Date => new FixedVector<int>(column) { FullRows = fullRows },
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, null),
    };

    /// <summary>Appends NULL <paramref name="count"/> times.</summary>
    internal abstract void AppendNulls(int count);

    /// <summary>Appends rows of another vector, whose column has the same type and scale.</summary>
    /// <param name="other">The other vector.</param>
    /// <param name="from">Its first row.</param>
    /// <param name="count">How many.</param>
    internal abstract void AppendRows(ColumnVector other, int from, int count);

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

    /// <summary>Counts values that were written to the reserved space, and are NULL where rows of another vector are.</summary>
    protected void AdvanceAs(ColumnVector other, int from, int count)
    {
        for (var i = 0; other.HasNulls && i < count; i++)
        {
            if (other.IsNull(from + i))
                MarkNull(Count + i);
        }
        Count += count;
    }

    /// <summary>Reserves the NULL bits of <paramref name="count"/> more rows.</summary>
    protected void ReserveRows(int count)
    {
        if (Count + count > _nulls.Length * 64)
            Array.Resize(ref _nulls, Math.Max((Count + count + 63) >> 6, _nulls.Length * 2));
    }

    /// <summary>Whether a batch with so many rows is so far on the way to a full one that arrays get their full length at once.</summary>
    protected bool WillBeFull(int rows) => rows >= FullRows / 8;

    /// <summary>
    /// The new length of an array with an element for each row: double, but not more than a full batch has, unless more are needed.
    /// </summary>
    protected int Grown(int length, int needed) => Math.Max(needed, WillBeFull(needed) ? FullRows : Math.Min(length * 2, FullRows));

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

/// <summary>
/// Values of a fixed width. Boolean: bool. BigInt: long. Double: double. Decimal: the value times 10^Scale as Int128. Date: days since 1970-01-01 as
/// int. Timestamp and TimestampTz: microseconds since 1970-01-01T00:00:00(Z) as long.
/// </summary>
public sealed class FixedVector<T> : ColumnVector
    where T : unmanaged
{
    private T[] _values = new T[FirstRows];

    /// <summary>Creates an empty vector.</summary>
    public FixedVector(FeedColumn column)
        : base(column)
    {
    }

    /// <summary>The value of a row; the default value where it is NULL.</summary>
    public T this[int row] => _values[row];

    /// <summary>The values of all rows; the default value where one is NULL.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, Count);

    /// <inheritdoc/>
    internal override long CapacityInBytes => base.CapacityInBytes + ((long)_values.Length * Unsafe.SizeOf<T>());

    /// <inheritdoc/>
    internal override long SizeInBytes => (long)Count * Unsafe.SizeOf<T>();

    /// <summary>Appends a value.</summary>
    public void Append(T value)
    {
        if (Count == _values.Length)
            Array.Resize(ref _values, Grown(_values.Length, Count + 1));
        ReserveRows(1);
        _values[Count] = value;
        Advance(1);
    }

    /// <summary>
    /// Reserves space for <paramref name="count"/> values after the last one. <see cref="ColumnVector.Advance"/> counts them;
    /// <see cref="ColumnVector.MarkNull"/> marks those that are NULL.
    /// </summary>
    internal Span<T> Reserve(int count)
    {
        ReserveRows(count);
        if (Count + count > _values.Length)
            Array.Resize(ref _values, Grown(_values.Length, Count + count));
        return _values.AsSpan(Count, count);
    }

    /// <inheritdoc/>
    internal override void AppendNulls(int count)
    {
        Reserve(count).Clear();
        MarkNulls(count);
    }

    /// <inheritdoc/>
    internal override void AppendRows(ColumnVector other, int from, int count)
    {
        ((FixedVector<T>)other).Values.Slice(from, count).CopyTo(Reserve(count));
        AdvanceAs(other, from, count);
    }
}
