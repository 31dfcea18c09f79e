using System.Buffers;
using System.Text.Json;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>
/// The list of files that one COPY of Redshift loads (Redshift Database Developer Guide, "Using a manifest to specify data files"): each must be
/// there, and have the size that was written.
/// </summary>
internal static class CopyManifest
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>Writes the manifest of some parts. Throws when one is listed twice: Redshift would load it twice.</summary>
    public static async Task WriteAsync(IStagingArea area, string name, IReadOnlyList<StagedPart> parts, CancellationToken cancellationToken)
    {
        if (parts.Select(p => p.Uri).Distinct(StringComparer.Ordinal).Count() != parts.Count)
            throw new InvalidOperationException("A manifest lists a file twice.");
        await WriteAsync(area, name, parts.Select(p => (p.Uri, p.Bytes)), cancellationToken);
    }

    /// <summary>Writes the manifest of some objects, of which no two have the same address. Holds a small part of it in memory.</summary>
    public static async Task WriteAsync(
        IStagingArea area, string name, IEnumerable<(string Uri, long Bytes)> objects, CancellationToken cancellationToken)
    {
        await using var file = area.Create(name);
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("entries");
            foreach (var (uri, bytes) in objects)
            {
                Write(json, uri, bytes);
                if (json.BytesPending + buffer.WrittenCount > ChunkBytes)
                {
                    json.Flush();
                    await file.WriteAsync(buffer.WrittenMemory, cancellationToken);
                    buffer.ResetWrittenCount();
                }
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        await file.WriteAsync(buffer.WrittenMemory, cancellationToken);
        await file.CompleteAsync(cancellationToken);
    }

    private static void Write(Utf8JsonWriter json, string uri, long bytes)
    {
        json.WriteStartObject();
        json.WriteString("url", uri);
        json.WriteBoolean("mandatory", true);
        json.WriteStartObject("meta");
        json.WriteNumber("content_length", bytes);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
