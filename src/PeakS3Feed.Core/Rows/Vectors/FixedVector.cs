using System.Runtime.CompilerServices;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows.Vectors;

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

    /// <summary>Appends a value.</summary>
    public void Append(T value)
    {
        if (Count == _values.Length)
            Array.Resize(ref _values, _values.Length * 2);
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
            Array.Resize(ref _values, Math.Max(Count + count, _values.Length * 2));
        return _values.AsSpan(Count, count);
    }

    /// <inheritdoc/>
    internal override void AppendNulls(int count)
    {
        Reserve(count).Clear();
        MarkNulls(count);
    }
}
