using System.Numerics;

namespace PeakS3Feed.Rows.Vectors;

/// <summary>A choice of the rows of a batch: one bit for each row, the first row in the lowest bit, set where the row is chosen.</summary>
internal sealed class RowMask
{
    private ulong[] _words = [];

    /// <summary>The number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>How many rows are chosen.</summary>
    public int Chosen { get; private set; }

    /// <summary>Chooses all of a number of rows, or none.</summary>
    public void Reset(int rows, bool chosen)
    {
        (Rows, Chosen) = (rows, chosen ? rows : 0);
        var words = (rows + 63) >> 6;
        if (_words.Length < words)
            _words = new ulong[words];
        _words.AsSpan(0, words).Fill(chosen ? ulong.MaxValue : 0);
        if (chosen && (rows & 63) != 0)
            _words[words - 1] = (1UL << (rows & 63)) - 1;
    }

    /// <summary>Whether a row is chosen.</summary>
    public bool this[int row]
    {
        get => (_words[row >> 6] & (1UL << (row & 63))) != 0;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
            if (this[row] == value)
                return;
            _words[row >> 6] ^= 1UL << (row & 63);
            Chosen += value ? 1 : -1;
        }
    }

    /// <summary>Appends the chosen rows of one vector to another. Their columns have the same type and scale.</summary>
    public void Copy(ColumnVector from, ColumnVector to)
    {
        for (var row = 0; row < Rows;)
        {
            var start = Find(row, chosen: true);
            row = Find(start, chosen: false);
            if (row > start)
                to.AppendRows(from, start, row - start);
        }
    }

    // The next row from a row on that is chosen, or that is not; the number of rows if there is none.
    private int Find(int row, bool chosen)
    {
        while (row < Rows)
        {
            var word = (chosen ? _words[row >> 6] : ~_words[row >> 6]) >> (row & 63);
            if (word != 0)
                return Math.Min(Rows, row + BitOperations.TrailingZeroCount(word));
            row = (row | 63) + 1;
        }
        return Rows;
    }
}
