using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// The manifest through which Redshift Spectrum reads a table: JSON that lists the data files (Amazon Redshift, "Creating external tables for data
/// managed in Delta Lake": entries with url, and meta.content_length). It is replaced after each commit. A small file beside it has its version.
/// </summary>
/// <param name="folder">The table's folder.</param>
/// <param name="log">The table's log.</param>
internal sealed class SpectrumManifest(IStagingArea folder, DeltaLog log)
{
    private const string Name = ExternalTable.SpectrumManifest;
    private const string VersionName = Name + ".version";

    /// <summary>Writes the manifest of a version.</summary>
    public async Task WriteAsync(DeltaState state, CancellationToken cancellationToken)
    {
        var bytes = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("entries");
            await foreach (var file in log.ReadFilesAsync(state, cancellationToken))
            {
                json.WriteStartObject();
                json.WriteString("url", folder.GetUri(file.Name));
                json.WriteBoolean("mandatory", true);
                json.WriteStartObject("meta");
                json.WriteNumber("content_length", file.Size);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        await folder.PutAsync(Name, bytes.WrittenMemory, cancellationToken);
        await folder.PutAsync(VersionName, Encoding.ASCII.GetBytes(Describe(state, bytes.WrittenSpan)), cancellationToken);
    }

    /// <summary>Writes the manifest again if it is older than a version: a run that died may have committed without it.</summary>
    public async Task RepairAsync(DeltaState state, CancellationToken cancellationToken)
    {
        var manifest = await folder.FindAsync(Name, cancellationToken);
        var written = await folder.FindAsync(VersionName, cancellationToken);
        if (manifest is null || written is null || Encoding.ASCII.GetString(written) != Describe(state, manifest))
            await WriteAsync(state, cancellationToken);
    }

    // With the hash, because two runs that end together may put manifest and version in turns.
    private static string Describe(DeltaState state, ReadOnlySpan<byte> manifest)
        => string.Create(CultureInfo.InvariantCulture, $"{state.Version} {Convert.ToHexStringLower(SHA256.HashData(manifest))}");
}
