using System.Security.Cryptography;
using System.Text.Json;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>What a TruncateInsert load was made of: all that decides which rows it gives. The same signature means nothing to do.</summary>
/// <param name="VersionsHash">Hash of the object versions.</param>
internal sealed record ReplaceSignature(string VersionsHash)
{
    /// <summary>Computes the signature with these columns; a load knows them when it has read its files.</summary>
    public string Compute(S3Feed feed, FeedSchema schema) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
    {
        VersionsHash,
        feed.FileType,
        Csv = GetDialect(feed),
        feed.DateFormats,
        feed.SchemaEvolution,
        feed.AuditColumns,
        Schema = SchemaJson.Write(schema.WithoutInEveryFile()), // which decides no row
    })));

    // A dialect means nothing to JSON. As it was before separators and line ends could be left open, so that those feeds have nothing to do.
    private static CsvOptions GetDialect(S3Feed feed)
        => feed.FileType == FileType.Csv ? feed.Csv : feed.Csv with { Separator = ",", LineEnd = CsvLineEndRule.First };
}
