using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace PeakS3Feed.Bench.Checks;

/// <summary>
/// A hash of rows that does not depend on their order: the MD5 of each row's projection (<see cref="Projection"/>) as two 64-bit numbers, each summed
/// over all rows modulo 2^64. DuckDB can compute the same.
/// </summary>
internal sealed class RowHash
{
    private ulong _high;
    private ulong _low;

    public long Rows { get; private set; }

    public void Add(ReadOnlySpan<byte> projection)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
#pragma warning disable CA5351 // not for security; DuckDB has MD5 as a number
        MD5.HashData(projection, hash);
#pragma warning restore CA5351
        _high += BinaryPrimitives.ReadUInt64LittleEndian(hash);
        _low += BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]);
        Rows++;
    }

    /// <summary>Returns the number of rows and the hash.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rows} {_high:x16}{_low:x16}");
}
