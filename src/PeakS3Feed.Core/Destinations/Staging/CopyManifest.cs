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
    /// <summary>Writes the manifest of some parts. Throws when one is listed twice: Redshift would load it twice.</summary>
    public static async Task WriteAsync(IStagingArea area, string name, IReadOnlyList<StagedPart> parts, CancellationToken cancellationToken)
    {
        if (parts.Select(p => p.Uri).Distinct(StringComparer.Ordinal).Count() != parts.Count)
            throw new InvalidOperationException("A manifest lists a file twice.");
        await using var file = area.Create(name);
        await file.WriteAsync(Write(parts), cancellationToken);
        await file.CompleteAsync(cancellationToken);
    }

    private static ReadOnlyMemory<byte> Write(IReadOnlyList<StagedPart> parts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("entries");
            foreach (var part in parts)
            {
                json.WriteStartObject();
                json.WriteString("url", part.Uri);
                json.WriteBoolean("mandatory", true);
                json.WriteStartObject("meta");
                json.WriteNumber("content_length", part.Bytes);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}
