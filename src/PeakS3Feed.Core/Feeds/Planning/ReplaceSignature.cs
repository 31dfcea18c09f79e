using System.Security.Cryptography;
using System.Text.Json;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>What a TruncateInsert load was made of: all that decides which rows it gives. The same signature means nothing to do.</summary>
/// <param name="VersionsHash">Hash of the object versions.</param>
internal sealed record ReplaceSignature(string VersionsHash)
{
    /// <summary>The signature with these columns; a load knows them when it has read its files.</summary>
    public string Of(S3Feed feed, FeedSchema schema) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
    {
        VersionsHash,
        feed.FileType,
        feed.Csv,
        feed.DateFormats,
        feed.SchemaEvolution,
        feed.AuditColumns,
        Schema = SchemaJson.Write(schema.WithoutInEveryFile()), // which decides no row
    })));
}
