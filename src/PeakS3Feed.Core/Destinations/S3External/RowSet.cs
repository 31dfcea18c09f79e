using System.Numerics;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>A set of row numbers of one file, from 0: one bit for each row.</summary>
internal sealed class RowSet
{
    private ulong[] _bits = [];

    /// <summary>The number of rows in the set.</summary>
    public long Count { get; private set; }

    /// <summary>Whether a row is in the set.</summary>
    public bool Contains(long row) => row >> 6 < _bits.Length && (_bits[row >> 6] & (1UL << (int)(row & 63))) != 0;

    /// <summary>Adds a row. Returns false if it was in the set.</summary>
    public bool Add(long row)
    {
        var word = checked((int)(row >> 6));
        if (word >= _bits.Length)
            Array.Resize(ref _bits, Math.Max(word + 1, _bits.Length * 2));
        var bit = 1UL << (int)(row & 63);
        if ((_bits[word] & bit) != 0)
            return false;
        _bits[word] |= bit;
        Count++;
        return true;
    }

    /// <summary>Adds consecutive rows.</summary>
    public void AddRange(long first, long count)
    {
        for (var row = first; row < first + count; row++)
            Add(row);
    }

    /// <summary>Adds the rows of another set.</summary>
    public void UnionWith(RowSet other)
    {
        if (_bits.Length < other._bits.Length)
            Array.Resize(ref _bits, other._bits.Length);
        for (var word = 0; word < other._bits.Length; word++)
        {
            Count += BitOperations.PopCount(other._bits[word] & ~_bits[word]);
            _bits[word] |= other._bits[word];
        }
    }

    /// <summary>Returns the rows in ascending order.</summary>
    public IEnumerable<long> Rows()
    {
        for (var word = 0; word < _bits.Length; word++)
        {
            for (var bits = _bits[word]; bits != 0; bits &= bits - 1)
                yield return ((long)word << 6) + BitOperations.TrailingZeroCount(bits);
        }
    }
}
