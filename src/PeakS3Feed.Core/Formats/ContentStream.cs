using PeakS3Feed.Formats.Gzip;

namespace PeakS3Feed.Formats;

/// <summary>Turns the bytes of an object as stored into its content.</summary>
public static class ContentStream
{
    // A file that was packed twice by accident is unpacked twice; more than that is nobody's accident.
    private const int MaxLayers = 2;

    /// <summary>
    /// Opens the content: what begins like gzip (one member or many) is decompressed whatever the object is called, all else is
    /// passed on as it is. The stream is read once, forward, in constant memory, and owns <paramref name="stored"/>.
    /// Opening and reading throw with id <c>GzipTruncated</c> or <c>GzipCorrupt</c> when the data is not whole;
    /// errors of <paramref name="stored"/> come through unchanged.
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
                throw FormatErrors.GzipCorrupt(objectUri, "it is packed more than twice");
            content = new GzipContentStream(content, objectUri);
        }

        return content;
    }

    // A lone 0x1F is no text either: it is gzip cut after its first byte.
    private static bool BeginsLikeGzip(ReadOnlySpan<byte> start) => start.Length > 0 && start[0] == 0x1F && (start.Length == 1 || start[1] == 0x8B);
}
