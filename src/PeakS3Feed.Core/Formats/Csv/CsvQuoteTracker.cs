using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PeakS3Feed.Formats.Csv;

/// <summary>
/// Tells which of 64 bytes are in quotes, stretch after stretch from a row's start, and where that cannot be told so simply.
/// A bit stands for each byte, the first one lowest.
/// </summary>
/// <remarks>
/// A byte is in quotes when an odd number of quotes stands before it. That holds as long as each quote that opens stands at the start of a
/// field or right behind one that closes (the two are an escaped one), and each that closes has a separator, a line end or another quote behind it.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct CsvQuoteTracker
{
    private ulong _boundaryBefore = 1; // a row's start is as good as a separator
    private ulong _closedBefore;
    private ulong _open;

    public CsvQuoteTracker()
    {
    }

    /// <summary>Looks at the next 64 bytes.</summary>
    /// <param name="quotes">Where quotes stand.</param>
    /// <param name="boundaries">Where separators and line feeds stand, in quotes or not.</param>
    /// <param name="quoted">The bytes in quotes, opening quotes included.</param>
    /// <param name="wronglyOpened">Quotes that stand where none can open.</param>
    /// <param name="behindClosing">What follows a closing quote and is neither a boundary nor a quote.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Process(ulong quotes, ulong boundaries, out ulong quoted, out ulong wronglyOpened, out ulong behindClosing)
    {
        boundaries |= quotes;
        if ((quotes | _open | _closedBefore) == 0)
        {
            quoted = wronglyOpened = behindClosing = 0;
        }
        else
        {
            quoted = Parity(quotes) ^ _open;
            var closing = quotes & ~quoted;
            wronglyOpened = quotes & quoted & ~((boundaries << 1) | _boundaryBefore);
            behindClosing = ((closing << 1) | _closedBefore) & ~boundaries;
            _open = (ulong)((long)quoted >> 63);
            _closedBefore = closing >> 63;
        }

        _boundaryBefore = boundaries >> 63;
    }

    // Each bit tells whether an odd number of bits is set up to it, itself included.
    private static ulong Parity(ulong bits)
    {
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }
}
