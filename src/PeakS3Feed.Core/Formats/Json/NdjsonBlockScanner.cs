namespace PeakS3Feed.Formats.Json;

/// <summary>
/// Finds rows that <see cref="JsonPlainRow"/> can read and that have a line of their own, many at once. It stops before the first other row, which
/// the reader reads singly: a row of another shape, a blank line, white space around a row, or a line end other than the file's.
/// </summary>
internal sealed class NdjsonBlockScanner(JsonPlainRow plain, JsonRowBlock block)
{
    // The slices of a window of this size stay in the processor's cache until the columns are read.
    private const int WindowBytes = 64 * 1024;

    // Where no row is read in a block, the next rows are probably no better: they are not scanned twice.
    private const int MaxPause = 256;

    private int _pause;
    private int _wait;

    /// <summary>Finds rows from an index on, up to one window of 64 KiB, and puts them into the block.</summary>
    /// <param name="bytes">The buffer.</param>
    /// <param name="start">The index of a row's first byte.</param>
    /// <param name="end">The index after the last byte in memory.</param>
    /// <param name="width">The number of fields of the file so far.</param>
    public void Scan(byte[] bytes, int start, int end, int width)
    {
        block.Clear();
        if (width > JsonRowBlock.MaxWidth || --_wait > 0)
            return;
        var lineEnd = LineEndOf(bytes.AsSpan(start, end - start));
        block.Begin(bytes, start, width, lineEnd.Length);
        var stop = (int)Math.Min(end, start + (long)WindowBytes);
        for (var at = start; at < stop && block.HasRoom;)
        {
            var rest = bytes.AsSpan(at, end - at);
            // A nested value can contain a line feed, and in this format that ends the row.
            if (!plain.TryRead(rest, at, block.NextRow(), block.Scratch, out var length) || length > RecordReader.MaxRowBytes
                || !rest[length..].StartsWith(lineEnd) || rest[..length].Contains((byte)'\n'))
                break;
            at += length + lineEnd.Length;
            block.Add(at);
        }

        block.Complete();
        _pause = block.End > 0 ? 0 : Math.Min(MaxPause, Math.Max(1, _pause * 2));
        _wait = _pause;
    }

    private static ReadOnlySpan<byte> LineEndOf(ReadOnlySpan<byte> rows)
    {
        var end = rows.IndexOf((byte)'\n');
        return end > 0 && rows[end - 1] == '\r' ? "\r\n"u8 : "\n"u8;
    }
}
