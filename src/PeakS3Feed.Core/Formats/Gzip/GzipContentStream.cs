using System.Buffers;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Formats.Gzip;

/// <summary>
/// Decompresses gzip data of any number of members (RFC 1952). Zeros after the last member are padding. Anything else that is not a whole member is
/// an error, which is thrown after the bytes before it. Owns the stored stream.
/// </summary>
/// <param name="stored">The gzip data.</param>
/// <param name="objectUri">The object, for errors.</param>
internal sealed class GzipContentStream(Stream stored, string objectUri) : ForwardStream
{
    private const int InputBytes = 64 * 1024;
    private const int OutputBytes = 256 * 1024;

    private readonly Inflater _inflater = new();
    private readonly GzipMembers _members = new();
    private byte[] _input = ArrayPool<byte>.Shared.Rent(InputBytes);
    private byte[] _output = ArrayPool<byte>.Shared.Rent(OutputBytes);
    private int _inputAt;
    private int _inputEnd;
    private bool _inputHasEnded;
    private int _memberStart;
    private int _outputAt;
    private int _outputEnd;
    private Part _part;
    private FeedException? _failure;
    private bool _isDisposed;

    private enum Part
    {
        Header,
        Content,
        Trailer,
        Behind,
        Ended,
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.IsEmpty)
            return 0;
        while (_outputAt == _outputEnd)
        {
            if (_failure is { } failure)
                throw failure;
            if (_part == Part.Ended)
                return 0;
            if (!Advance())
                await FillAsync(cancellationToken);
        }

        var length = Math.Min(buffer.Length, _outputEnd - _outputAt);
        _output.AsSpan(_outputAt, length).CopyTo(buffer.Span);
        _outputAt += length;
        return length;
    }

    public override async ValueTask DisposeAsync()
    {
        await stored.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            ArrayPool<byte>.Shared.Return(_input);
            ArrayPool<byte>.Shared.Return(_output);
            (_input, _output) = ([], []);
            stored.Dispose();
        }

        base.Dispose(disposing);
    }

    // Returns false if it needs more input.
    private bool Advance()
    {
        var input = _input.AsSpan(_inputAt, _inputEnd - _inputAt);
        switch (_part)
        {
            case Part.Header:
                return BeginMember(GzipMembers.ReadHeader(input, out var headerBytes), headerBytes);
            case Part.Content:
                return Inflate();
            case Part.Trailer:
                if (input.Length < GzipMembers.TrailerBytes)
                    return false;
                _inputAt += GzipMembers.TrailerBytes;
                _part = Part.Behind;
                return _members.IsTrailer(input) || Fail("its checksum or its length is wrong");
            default:
                return FindNext(input);
        }
    }

    private bool BeginMember(bool? isHeader, int bytes)
    {
        if (isHeader is null)
            return false;
        if (isHeader is false)
            return Fail(_members.Count == 0 ? "its header is wrong" : "data that is not gzip follows a complete member");
        _inputAt += bytes;
        _members.Begin();
        _inflater.Reset();
        _memberStart = _outputEnd;
        _part = Part.Content;
        return true;
    }

    private bool Inflate()
    {
        Slide();
        var result = _inflater.Run(_input.AsSpan(0, _inputEnd), ref _inputAt, _output, ref _outputEnd, _memberStart);
        _members.Append(_output.AsSpan(_outputAt, _outputEnd - _outputAt));
        if (result == InflateResult.Ended)
            _part = Part.Trailer;
        return result switch
        {
            InflateResult.Corrupt => Fail("its compressed data is wrong"),
            InflateResult.NeedsInput => _outputEnd > _outputAt,
            _ => true,
        };
    }

    // Keeps the bytes to which matches may refer.
    private void Slide()
    {
        if (_output.Length - _outputEnd >= OutputBytes / 4)
            return;
        var dropped = _outputEnd - Inflater.WindowBytes;
        _output.AsSpan(dropped, Inflater.WindowBytes).CopyTo(_output);
        _memberStart = Math.Max(0, _memberStart - dropped);
        _outputAt = _outputEnd = Inflater.WindowBytes;
    }

    private bool FindNext(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return false;
        if (input[0] != 0 && !_members.IsPadded)
        {
            _part = Part.Header;
            return true;
        }

        _members.IsPadded = true;
        _inputAt = _inputEnd;
        return input.ContainsAnyExcept((byte)0) && Fail("data that is not gzip follows a complete member");
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_inputHasEnded)
        {
            if (_part == Part.Behind)
                _part = Part.Ended;
            else
                _failure = FormatErrors.GzipTruncated(objectUri);
            return;
        }

        var left = _inputEnd - _inputAt;
        if (left == _input.Length)
        {
            Fail("a member has a header of more than 64 KiB");
            return;
        }

        _input.AsSpan(_inputAt, left).CopyTo(_input);
        (_inputAt, _inputEnd) = (0, left);
        var read = await stored.ReadAsync(_input.AsMemory(left), cancellationToken);
        _inputEnd += read;
        _inputHasEnded = read == 0;
    }

    private bool Fail(string what)
    {
        _failure = FormatErrors.GzipCorrupt(objectUri, what);
        return true;
    }
}
