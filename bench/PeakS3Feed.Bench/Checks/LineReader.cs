namespace PeakS3Feed.Bench.Checks;

/// <summary>Reads the lines of a stream.</summary>
internal sealed class LineReader(Stream stream)
{
    public delegate void LineAction(ReadOnlySpan<byte> line);

    private byte[] _buffer = new byte[1024 * 1024];

    public async Task ReadAsync(LineAction action)
    {
        var length = 0;
        while (await stream.ReadAsync(_buffer.AsMemory(length)) is var read && read > 0)
        {
            length += read;
            length = Pass(action, length);
            if (length == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        if (length > 0)
            action(_buffer.AsSpan(0, length));
    }

    // Returns the length of the incomplete line, which is now at the start of the buffer.
    private int Pass(LineAction action, int length)
    {
        var start = 0;
        while (_buffer.AsSpan(start, length - start).IndexOf((byte)'\n') is var end && end >= 0)
        {
            action(_buffer.AsSpan(start, end));
            start += end + 1;
        }

        _buffer.AsSpan(start, length - start).CopyTo(_buffer);
        return length - start;
    }
}
