using System.IO.Compression;
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
            throw _input.TokenBegun
                ? FormatErrors.GzipTruncated(_objectUri, exception)
                : FormatErrors.GzipCorrupt(_objectUri, "its checksum or its compressed data is wrong", exception);
        }

        _end += length;
        if (length > 0)
            return;
        _ended = true;
        if (_buffer.AsSpan(0, _end).EndsWith(_token.Text))
            _end -= _token.Text.Length;
        else if (_input.TokenBegun)
            throw FormatErrors.GzipTruncated(_objectUri);
        else if (!_input.InPadding)
            throw FormatErrors.GzipCorrupt(_objectUri, "data that is not gzip follows a complete member");
    }
}
