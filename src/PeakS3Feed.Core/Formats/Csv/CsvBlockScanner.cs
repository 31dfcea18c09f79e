using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PeakS3Feed.Formats.Csv;

/// <summary>
/// Finds the fields of many rows at once, 64 bytes at a time. It supports the common dialect: a separator of one byte, doubled quotes, rows that end
/// in LF or CR LF. It stops before the first irregular row, which <see cref="CsvRowScanner"/> reads: a wrong number of fields, a quote inside an
/// unquoted field, text after a closing quote, a blank row, or a line end other than the file's.
/// </summary>
internal sealed class CsvBlockScanner(CsvDialect dialect, CsvRowBlock block, CsvLineEndWatch watch)
{
    // The positions in a window of this size stay in the processor's cache until the columns are read.
    private const int WindowBytes = 64 * 1024;
    private const int ChunkBytes = 64;

    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    // A line feed and the comment prefix.
    private readonly byte[] _commentStart = dialect.Comment.Length == 0 ? [] : [Lf, .. dialect.Comment];

    private readonly Vector512<byte> _separators = Vector512.Create(dialect.Separator[0]);

    // Valid UTF-8 has no byte 0xFF. So without a quote character the scan finds none, except in rows that the block excludes as invalid UTF-8.
    private readonly Vector512<byte> _quotes = Vector512.Create(dialect.Quote < 0 ? (byte)0xFF : (byte)dialect.Quote);

    private int _rows;
    private int _found;

    /// <summary>Whether the scanner supports the dialect, as far as it is known.</summary>
    public bool CanScan => dialect.Separator.Length == 1 && dialect.Escape < 0 && dialect.LineEnd is CsvLineEnd.Lf or CsvLineEnd.CrLf;

    /// <summary>The number of bytes scanned.</summary>
    public long Scanned { get; private set; }

    /// <summary>Finds rows from <paramref name="start"/> on, up to one window of 64 KiB, and puts them into the block.</summary>
    /// <param name="bytes">The buffer.</param>
    /// <param name="start">The index of a row's first byte.</param>
    /// <param name="end">The index after the last byte in memory.</param>
    /// <param name="width">The number of fields that each row must have.</param>
    public void Scan(byte[] bytes, int start, int end, int width)
    {
        var stop = EndBeforeComment(bytes, start, Math.Min(end, start + WindowBytes));
        var positions = block.Reserve(stop - start);
        Scanned += Find(bytes, start, stop, width, positions) - start;
        if (watch.ReportsLooseCr)
            _rows = RowsBeforeLooseCr(bytes, width, positions);
        block.SetRows(bytes, width, _rows);
    }

    // A comment ends the window, so that the bytes after it are not scanned twice.
    private int EndBeforeComment(byte[] bytes, int start, int stop)
    {
        if (_commentStart.Length == 0)
            return stop;
        var window = bytes.AsSpan(start, stop - start);
        if (window.StartsWith(dialect.Comment))
            return start;
        var comment = window.IndexOf(_commentStart);
        return comment < 0 ? stop : start + comment + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Find(byte[] bytes, int start, int stop, int width, int[] positions)
    {
        _rows = _found = 0;
        positions[0] = start - 1;
        var needsCr = dialect.LineEnd == CsvLineEnd.CrLf || watch.ReportsBareLf;
        var tracker = new CsvQuoteTracker();
        for (var at = start; at < stop; at += ChunkBytes)
        {
            var valid = stop - at < ChunkBytes ? (1UL << (stop - at)) - 1 : ulong.MaxValue;
            var chunk = valid == ulong.MaxValue ? Vector512.LoadUnsafe(ref bytes[at]) : LoadLast(bytes.AsSpan(at, stop - at));
            var quotes = Vector512.Equals(chunk, _quotes).ExtractMostSignificantBits();
            var fields = Vector512.Equals(chunk, _separators).ExtractMostSignificantBits() & valid;
            var lines = Vector512.Equals(chunk, Vector512.Create(Lf)).ExtractMostSignificantBits() & valid;
            tracker.Process(quotes, fields | lines, out var quoted, out var odd, out var behindClosing);
            if (behindClosing != 0)
                odd |= NoLineEnds(bytes, at, stop, behindClosing & valid);
            var plain = ~quoted & ((odd & (0 - odd)) - 1); // all bits up to the first irregular byte
            fields &= plain;
            lines &= plain;
            var before = _found;
            Add(ref positions[before + 1], at, fields | lines);
            if (!TryEndRows(bytes, at, lines, fields | lines, before, width, needsCr, positions) || odd != 0)
                return at;
        }

        return stop;
    }

    /// <summary>The bytes after closing quotes, except the CR of a CR LF.</summary>
    private static ulong NoLineEnds(byte[] bytes, int at, int stop, ulong behindClosing)
    {
        var odd = 0UL;
        for (; behindClosing != 0; behindClosing &= behindClosing - 1)
        {
            var position = at + BitOperations.TrailingZeroCount(behindClosing);
            if (bytes[position] != Cr || position + 1 >= stop || bytes[position + 1] != Lf)
                odd |= behindClosing & (0 - behindClosing);
        }

        return odd;
    }

    // Writes four positions at a time, without a branch for each. The next call overwrites those beyond the count.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(ref int next, int at, ulong bits)
    {
        _found += BitOperations.PopCount(bits);
        for (; bits != 0; next = ref Unsafe.Add(ref next, 4))
        {
            next = at + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref next, 1) = at + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref next, 2) = at + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref next, 3) = at + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
        }
    }

    /// <summary>Ends a row at each line end; false at the first line end that does not end a complete, regular row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryEndRows(byte[] bytes, int at, ulong lines, ulong fields, int before, int width, bool needsCr, int[] positions)
    {
        for (; lines != 0; lines &= lines - 1)
        {
            var field = before + BitOperations.PopCount(fields & ((lines & (0 - lines)) - 1));
            var position = at + BitOperations.TrailingZeroCount(lines);
            var start = positions[_rows * width] + 1;
            var behindCr = position > start && bytes[position - 1] == Cr;
            var isBlank = position - (behindCr ? 1 : 0) == start;
            if (field != ((_rows + 1) * width) - 1 || isBlank || (needsCr && !behindCr))
                return false;
            _rows++;
        }

        return true;
    }

    // A CR outside quotes that does not end a row is read singly, so that the reader warns about it. Most files have no CR, or one for each row.
    private int RowsBeforeLooseCr(byte[] bytes, int width, int[] positions)
    {
        var (start, end) = (positions[0] + 1, positions[_rows * width] + 1);
        var count = bytes.AsSpan(start, end - start).Count(Cr);
        if (count == 0 || (count == _rows && (dialect.LineEnd == CsvLineEnd.CrLf || watch.ReportsBareLf)))
            return _rows;
        for (var at = start; (at = IndexOfCr(bytes, at, end)) >= 0; at++)
        {
            if (bytes[at + 1] == Lf)
                continue;
            var field = Array.BinarySearch(positions, 0, (_rows * width) + 1, at);
            field = field < 0 ? ~field - 1 : field;
            if (bytes[positions[field] + 1] != dialect.Quote)
                return field / width;
        }

        return _rows;
    }

    private static int IndexOfCr(byte[] bytes, int from, int end)
    {
        var hop = bytes.AsSpan(from, end - from).IndexOf(Cr);
        return hop < 0 ? -1 : from + hop;
    }

    private static Vector512<byte> LoadLast(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[ChunkBytes];
        padded.Clear();
        bytes.CopyTo(padded);
        return Vector512.LoadUnsafe(ref padded[0]);
    }
}
