using System.Globalization;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;

namespace PeakS3Feed.Bench.Reading;

/// <summary>
/// Computes one number for each column, so that every value is used: the sum of numbers, days, microseconds and true values, and the total bytes of
/// texts.
/// </summary>
internal sealed class ColumnSums(int columns)
{
    private readonly Int128[] _sums = new Int128[columns];
    private long _rows;

    public void Add(RowBatch batch)
    {
        _rows += batch.Count;
        for (var column = 0; column < _sums.Length; column++)
            _sums[column] += Sum(batch.Columns[column]);
    }

    public override string ToString() => string.Join(' ', _sums.Prepend(_rows).Select(s => s.ToString(CultureInfo.InvariantCulture)));

    private static Int128 Sum(ColumnVector vector) => vector switch
    {
        FixedVector<long> v => Sum(v.Values),
        FixedVector<Int128> v => Sum(v.Values),
        FixedVector<int> v => Sum(v.Values),
        FixedVector<bool> v => v.Values.Count(true),
        Utf8Vector v => v.Bytes.Length,
        _ => throw new NotSupportedException(vector.GetType().Name),
    };

    // NULL is stored as zero.
    private static Int128 Sum(ReadOnlySpan<long> values)
    {
        Int128 sum = 0;
        foreach (var value in values)
            sum += value;
        return sum;
    }

    private static Int128 Sum(ReadOnlySpan<Int128> values)
    {
        Int128 sum = 0;
        foreach (var value in values)
            sum += value;
        return sum;
    }

    private static long Sum(ReadOnlySpan<int> values)
    {
        var sum = 0L;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
