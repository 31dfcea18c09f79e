using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PeakS3Feed.Formats.Csv;

/// <summary>
/// Finds which of 64 bytes are inside quotes, block by block from the start of a row, and where this simple method does not apply. Each byte is one
/// bit; the first byte is the lowest bit.
/// </summary>
/// <remarks>
/// A byte is inside quotes when an odd number of quotes precedes it. This holds as long as each opening quote is at the start of a field or directly
/// after a closing one (the two are an escaped quote), and each closing quote is followed by a separator, a line end or another quote.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct CsvQuoteTracker
{
    private ulong _boundaryBefore = 1; // the start of a row counts as a separator
    private ulong _closedBefore;
    private ulong _open;

    public CsvQuoteTracker()
    {
    }

    /// <summary>Processes the next 64 bytes.</summary>
    /// <param name="quotes">The quotes.</param>
    /// <param name="boundaries">The separators and line feeds, inside quotes or not.</param>
    /// <param name="quoted">The bytes inside quotes, including opening quotes.</param>
    /// <param name="wronglyOpened">Opening quotes at places where a quote cannot open.</param>
    /// <param name="behindClosing">The bytes after closing quotes that are not boundaries and not quotes.</param>
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

    // Sets each bit to the parity of the bits up to it, including itself.
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
