using System.Text;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Rows.Vectors;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>The audit columns of rows: vectors that hold one value many times, and are kept from batch to batch.</summary>
internal sealed class AuditVectors(LoadSpec spec, LoadStamp stamp)
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    private readonly ColumnVector[] _vectors = [.. AuditColumn.For(spec).Select(ColumnVector.Create)];
    private readonly byte[] _run = Encoding.UTF8.GetBytes(stamp.RunId.ToString("D"));
    private readonly long _at = (stamp.At - Epoch).Ticks / TimeSpan.TicksPerMicrosecond;
    private byte[] _file = [];

    /// <summary>Begins an object.</summary>
    /// <param name="uri">Its address, the value of the file's column.</param>
    public void Begin(string uri)
    {
        _file = Encoding.UTF8.GetBytes(uri);
        foreach (var vector in _vectors.Where(v => v.Column == AuditColumn.FileName))
            vector.Truncate(0);
    }

    /// <summary>Returns the columns with at least so many rows.</summary>
    public IReadOnlyList<ColumnVector> Get(int rows)
    {
        foreach (var vector in _vectors)
        {
            var missing = rows - vector.Count;
            if (missing <= 0)
                continue;
            if (vector is Utf8Vector text)
                Repeat(text, vector.Column == AuditColumn.FileName ? _file : _run, missing);
            else
                Repeat((FixedVector<long>)vector, missing);
        }
        return _vectors;
    }

    private void Repeat(FixedVector<long> vector, int count)
    {
        vector.Reserve(count).Fill(_at);
        vector.Advance(count);
    }

    private static void Repeat(Utf8Vector vector, byte[] value, int count)
    {
        var bytes = vector.Reserve(count, value.Length * count, out var offsets);
        for (var i = 0; i < count; i++)
        {
            value.CopyTo(bytes[(i * value.Length)..]);
            offsets[i + 1] = offsets[0] + ((i + 1) * value.Length);
        }
        vector.Advance(count);
    }
}
