using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using PeakS3Feed.Files;

namespace PeakS3Feed.Formats.Gzip;

/// <summary>
/// Decompresses gzip data of any number of members. It detects what <see cref="GZipStream"/> ignores: truncated data, and members after data that is
/// not gzip. Zeros after the last member are padding.
/// </summary>
internal sealed class GzipContentStream : ForwardStream
{
    private readonly GzipToken _token = new();
    private readonly GzipInput _input;
    private readonly GZipStream _gzip;
    private readonly string _objectUri;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _ended;

    public GzipContentStream(Stream stored, string objectUri)
    {
        _input = new GzipInput(stored, _token.Member);
        _gzip = new GZipStream(_input, CompressionMode.Decompress);
        _objectUri = objectUri;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        while (true)
        {
            // The last bytes so far may be the token. They are kept back until more bytes follow.
            var ready = _end - _start - (_ended ? 0 : _token.Text.Length);
            if (ready > 0)
            {
                var length = Math.Min(ready, buffer.Length);
                _buffer.AsSpan(_start, length).CopyTo(buffer.Span);
                _start += length;
                return length;
            }

            if (_ended)
                return 0;
            await InflateAsync(cancellationToken);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _gzip.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gzip.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask InflateAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        int length;
        try
        {
            length = await _gzip.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            // While the token is being read, all stored bytes were valid but incomplete.
            throw _input.TokenStarted
                ? FormatErrors.GzipTruncated(_objectUri, exception)
                : FormatErrors.GzipCorrupt(_objectUri, "its checksum or its compressed data is wrong", exception);
        }

        _end += length;
        if (length > 0)
            return;
        _ended = true;
        if (_buffer.AsSpan(0, _end).EndsWith(_token.Text))
            _end -= _token.Text.Length;
        else if (_input.TokenStarted)
            throw FormatErrors.GzipTruncated(_objectUri);
        else if (!_input.InPadding)
            throw FormatErrors.GzipCorrupt(_objectUri, "data that is not gzip follows a complete member");
    }
}

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
    public bool TokenStarted { get; private set; }

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
        TokenStarted = true;
        var length = Math.Min(buffer.Length, member.Length - _memberCopied);
        member.AsSpan(_memberCopied, length).CopyTo(buffer.Span);
        _memberCopied += length;
        return length;
    }
}

/// <summary>
/// A small gzip member with random text that is appended to the stored data. If its text comes out last, all data before it was complete.
/// </summary>
internal sealed class GzipToken
{
    public GzipToken()
    {
        // Hexadecimal digits are always shorter as Huffman codes than stored, so the text is never literal in the member. Data that is truncated
        // inside a stored block, which copies bytes unchanged, therefore cannot produce it.
        Text = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true));
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(Text);
        Member = member.ToArray();
    }

    /// <summary>The bytes that come out last when the data is complete.</summary>
    public byte[] Text { get; }

    /// <summary>The text as a gzip member.</summary>
    public byte[] Member { get; }
}
