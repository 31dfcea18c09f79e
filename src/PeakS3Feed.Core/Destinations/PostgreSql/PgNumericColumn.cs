using PeakS3Feed.Rows.Vectors;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>The numbers of some rows in binary form: their length is known only once they are encoded. Grows with the rows of a call.</summary>
internal sealed class PgNumericColumn
{
    private byte[] _bytes = [];
    private int[] _offsets = [0];

    /// <summary>The encoded numbers, one after the other.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Where each number begins, and then where the last one ends; NULL takes no bytes.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    public void Encode(FixedVector<Int128> vector, int first, int count)
    {
        if (count >= _offsets.Length)
        {
            _offsets = new int[count + 1];
            _bytes = new byte[count * PgNumeric.MaxBytes];
        }
        var values = vector.Values.Slice(first, count);
        var scale = vector.Column.Scale;
        var end = 0;
        for (var row = 0; row < count; row++)
        {
            if (!vector.HasNulls || !vector.IsNull(first + row))
                end += PgNumeric.Write(_bytes.AsSpan(end), values[row], scale);
            _offsets[row + 1] = end;
        }
    }
}
