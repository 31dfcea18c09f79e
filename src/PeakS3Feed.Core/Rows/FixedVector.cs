using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>
/// Values of a fixed width. Boolean: bool. BigInt: long. Double: double. Decimal: the value times 10^Scale as Int128.
/// Date: days since 1970-01-01 as int. Timestamp and TimestampTz: microseconds since 1970-01-01T00:00:00(Z) as long.
/// </summary>
public sealed class FixedVector<T> : ColumnVector
    where T : unmanaged
{
    private T[] _values = new T[1024];

    /// <summary>Makes an empty vector.</summary>
    public FixedVector(FeedColumn column)
        : base(column)
    {
    }

    /// <summary>The value of a row; the default where it is NULL.</summary>
    public T this[int row] => _values[row];

    /// <summary>The values of all rows; the default where one is NULL.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, Count);

    /// <summary>Appends a value.</summary>
    public void Append(T value)
    {
        if (Count == _values.Length)
            Array.Resize(ref _values, _values.Length * 2);
        _values[Count] = value;
        Grow();
    }

    /// <inheritdoc/>
    protected override void AppendDefault() => Append(default);
}
