using System.Numerics;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Tells most keys that are not in a set from those that are: a Bloom filter (B. Bloom, 1970) of at most 16 MiB. It never denies a key of the set; of
/// others it admits about one in a hundred, and more once the set has over 13 million keys.
/// </summary>
/// <param name="keys">The greatest number of keys.</param>
internal sealed class KeyFilter(long keys)
{
    private const int BitsPerKey = 10;
    private const int BitsSet = 5;
    private const ulong MinBits = 1024;
    private const ulong MaxBits = 128 * 1024 * 1024;

    private readonly ulong[] _bits = new ulong[Math.Clamp(BitOperations.RoundUpToPowerOf2((ulong)keys * BitsPerKey), MinBits, MaxBits) / 64];

    /// <summary>Adds a key by its hash.</summary>
    public void Add(UInt128 hash)
    {
        for (var i = 0; i < BitsSet; i++)
        {
            var bit = Bit(hash, i);
            _bits[bit >> 6] |= 1UL << (int)(bit & 63);
        }
    }

    /// <summary>Whether a key may have been added.</summary>
    public bool MayHave(UInt128 hash)
    {
        for (var i = 0; i < BitsSet; i++)
        {
            var bit = Bit(hash, i);
            if ((_bits[bit >> 6] & (1UL << (int)(bit & 63))) == 0)
                return false;
        }
        return true;
    }

    // The halves of the hash stand for as many hash functions as are wanted (A. Kirsch and M. Mitzenmacher, 2006). The second is odd, so that no two
    // bits of a key coincide.
    private ulong Bit(UInt128 hash, int number) => ((ulong)hash + ((ulong)number * ((ulong)(hash >> 64) | 1))) & (((ulong)_bits.Length * 64) - 1);
}
