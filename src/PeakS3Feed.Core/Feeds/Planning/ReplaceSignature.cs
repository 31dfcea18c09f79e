using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>All inputs that decide which rows a TruncateInsert loads. If the signature is unchanged, there is nothing to do.</summary>
/// <param name="VersionsHash">Hash of the object versions.</param>
internal sealed record ReplaceSignature(string VersionsHash)
{
    /// <summary>Computes the signature with these columns. A load knows them when it has read its files.</summary>
    public string Compute(S3Feed feed, FeedSchema schema)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(new
        {
            VersionsHash,
            feed.FileType,
            Csv = GetDialect(feed),
            feed.DateFormats,
            feed.SchemaEvolution,
            feed.AuditColumns,
            Schema = SchemaJson.Write(schema.WithoutInEveryFile()), // which decides no row
        });
        // Feeds from before this setting existed have the same text as then.
        var encoding = feed.Encoding == FileEncoding.Utf8 ? "" : feed.Encoding.ToString();
        return Convert.ToHexStringLower(SHA256.HashData([.. text, .. Encoding.UTF8.GetBytes(encoding)]));
    }

    // JSON has no dialect. The text is the same as before separators and line ends became optional, so that feeds from before have nothing to do.
    private static CsvOptions GetDialect(S3Feed feed)
        => feed.FileType == FileType.Csv ? feed.Csv : feed.Csv with { Separator = ",", LineEnd = CsvLineEndRule.First };
}
