using System.Buffers;
using PeakS3Feed.Files;

namespace PeakS3Feed.Formats.Decoding;

/// <summary>
/// Decodes the decompressed content of a file to UTF-8. A byte order mark stays. Reading throws with id <c>FileNotText</c> or <c>EncodingDiffers</c>
/// where the first bytes show another format or encoding. Owns the stream.
/// </summary>
/// <param name="content">The decompressed content.</param>
/// <param name="encoding">The encoding; not UTF-8.</param>
/// <param name="objectUri">The name of the object in errors.</param>
internal sealed class DecodingStream(Stream content, FileEncoding encoding, string objectUri) : ForwardStream
{
    private const int ChunkBytes = 32 * 1024;

    private byte[] _bytes = [];
    private byte[] _utf8 = [];
    private Memory<byte> _ready = Memory<byte>.Empty;
    private int _length;
    private bool _ended;
    private TextDecoder? _decoder;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_ready.IsEmpty && !_ended)
            await DecodeAsync(cancellationToken);
        var length = Math.Min(buffer.Length, _ready.Length);
        _ready[..length].CopyTo(buffer);
        _ready = _ready[length..];
        return length;
    }

    public override async ValueTask DisposeAsync()
    {
        Return();
        await content.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Return();
            content.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask DecodeAsync(CancellationToken cancellationToken)
    {
        if (_bytes.Length == 0)
            (_bytes, _utf8) = (ArrayPool<byte>.Shared.Rent(ChunkBytes), ArrayPool<byte>.Shared.Rent(ChunkBytes * TextDecoder.MaxGrowth));
        var room = _bytes.AsMemory(_length, ChunkBytes - _length);
        var wanted = _decoder is null ? FileSignature.SampleBytes : 1;
        var read = await content.ReadAtLeastAsync(room, wanted, throwOnEndOfStream: false, cancellationToken);
        (_length, _ended) = (_length + read, read < wanted);
        _decoder ??= EncodingStart.Check(_bytes.AsSpan(0, _length), encoding, objectUri);
        var decoded = _decoder.Decode(_bytes.AsSpan(0, _length), _utf8, _ended, out var written);
        _bytes.AsSpan(decoded, _length - decoded).CopyTo(_bytes);
        _length -= decoded;
        _ready = _utf8.AsMemory(0, written);
    }

    private void Return()
    {
        if (_bytes.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        ArrayPool<byte>.Shared.Return(_utf8);
        (_bytes, _utf8, _ready, _ended) = ([], [], Memory<byte>.Empty, true);
    }
}
