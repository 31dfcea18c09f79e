using PeakS3Feed.Files;
using PeakS3Feed.Formats.Gzip;

namespace PeakS3Feed.Formats.Opening;

/// <summary>Opens the content of an object, and decompresses gzip.</summary>
public static class ContentStream
{
    // Two layers, because some producers compress a file twice by accident. More layers are an error.
    private const int MaxLayers = 2;

    /// <summary>
    /// Opens the content of an object. Data that begins like gzip (one member or many) is decompressed, whatever the object's name; all other data is
    /// passed on unchanged. The stream is forward-only, uses constant memory, and owns <paramref name="stored"/>. Opening and reading throw with id
    /// <c>GzipTruncated</c> or <c>GzipCorrupt</c> when the gzip data is incomplete or damaged. Errors of <paramref name="stored"/> pass through
    /// unchanged.
    /// </summary>
    public static async Task<Stream> OpenAsync(Stream stored, string objectUri, CancellationToken cancellationToken)
    {
        try
        {
            return await UnpackAsync(stored, objectUri, cancellationToken);
        }
        catch
        {
            await stored.DisposeAsync();
            throw;
        }
    }

    private static async Task<Stream> UnpackAsync(Stream stored, string objectUri, CancellationToken cancellationToken)
    {
        var content = stored;
        for (var layer = 0; layer <= MaxLayers; layer++)
        {
            var start = new byte[2];
            var length = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
            content = new PrefixedStream(start.AsMemory(0, length), content);
            if (!BeginsLikeGzip(start.AsSpan(0, length)))
                break;
            if (layer == MaxLayers)
                throw FormatErrors.GzipCorrupt(objectUri, "it is compressed more than twice");
            content = new GzipContentStream(content, objectUri);
        }

        return content;
    }

    // A single byte 0x1F is not text: it is gzip data that was cut after its first byte.
    private static bool BeginsLikeGzip(ReadOnlySpan<byte> start) => start.Length > 0 && start[0] == 0x1F && (start.Length == 1 || start[1] == 0x8B);
}

/// <summary>Returns bytes that were read ahead, then the rest of the stream that they came from. Owns that stream.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ForwardStream
{
    private ReadOnlyMemory<byte> _prefix = prefix;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_prefix.IsEmpty)
            return rest.ReadAsync(buffer, cancellationToken);
        var length = Math.Min(buffer.Length, _prefix.Length);
        _prefix[..length].CopyTo(buffer);
        _prefix = _prefix[length..];
        return ValueTask.FromResult(length);
    }

    public override async ValueTask DisposeAsync()
    {
        await rest.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            rest.Dispose();
        base.Dispose(disposing);
    }
}
