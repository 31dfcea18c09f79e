using PeakS3Feed.Files;

namespace PeakS3Feed.Formats.Gzip;

/// <summary>
/// The input of the decompressor: the stored bytes, then the member of the token. Zeros at the end of the stored bytes may be padding after the last
/// member, or part of its trailer. They are passed on one by one, so that a decompressor that stops at one of them has consumed all bytes before it.
/// </summary>
internal sealed class GzipInput(Stream stored, byte[] member) : ForwardStream
{
    private readonly byte[] _read = new byte[64 * 1024];
    private int _start;
    private int _end;
    private long _zeros;
    private bool _storedEnded;
    private int _memberCopied;

    /// <summary>Whether all stored bytes were passed on and the token has started.</summary>
    public bool TokenBegun { get; private set; }

    /// <summary>Whether only zeros are left, including the byte that was passed on last.</summary>
    public bool InPadding { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        while (true)
        {
            if (_start < _end && _zeros == 0)
                return CopyUpToTrailingZeros(buffer);
            if (_start < _end || _storedEnded)
                return _zeros > 0 ? CopyZeros(buffer) : CopyToken(buffer);
            _start = 0;
            _end = await stored.ReadAsync(_read, cancellationToken);
            _storedEnded = _end == 0;
            CountZeroChunk();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await stored.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stored.Dispose();
        base.Dispose(disposing);
    }

    // Copies bytes up to the zeros at the end of the chunk. It counts those zeros and keeps them back until the next bytes are known.
    private int CopyUpToTrailingZeros(Memory<byte> buffer)
    {
        var chunk = _read.AsSpan(_start, _end - _start);
        var solid = chunk.LastIndexOfAnyExcept((byte)0) + 1;
        var length = Math.Min(solid, buffer.Length);
        chunk[..length].CopyTo(buffer.Span);
        _start += length;
        if (length == solid)
        {
            _zeros = _end - _start;
            _start = _end;
        }

        return length;
    }

    // Adds a chunk that consists of zeros only to the zeros that are kept back.
    private void CountZeroChunk()
    {
        var chunk = _read.AsSpan(_start, _end - _start);
        if (chunk.IsEmpty || chunk.ContainsAnyExcept((byte)0))
            return;
        _zeros += chunk.Length;
        _start = _end;
    }

    private int CopyZeros(Memory<byte> buffer)
    {
        InPadding = _storedEnded;
        var length = _storedEnded ? 1 : (int)Math.Min(buffer.Length, _zeros);
        buffer.Span[..length].Clear();
        _zeros -= length;
        return length;
    }

    private int CopyToken(Memory<byte> buffer)
    {
        TokenBegun = true;
        var length = Math.Min(buffer.Length, member.Length - _memberCopied);
        member.AsSpan(_memberCopied, length).CopyTo(buffer.Span);
        _memberCopied += length;
        return length;
    }
}
