using System.IO.Compression;
using System.Text;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>The ledger's tables: one with the state of each feed and table, and two that all feeds share.</summary>
internal static class LedgerTables
{
    /// <summary>The type of a table's name: an identifier of any warehouse.</summary>
    public const string TableName = "VARCHAR(255)";

    /// <summary>The type of a bucket's name.</summary>
    public const string Bucket = "VARCHAR(255)";

    /// <summary>The type of a key: at most 1,024 bytes of UTF-8.</summary>
    public const string Key = "VARCHAR(1024)";

    /// <summary>The type of an entity tag.</summary>
    public const string ETag = "VARCHAR(256)";

    /// <summary>The version of the format; a program that meets a higher one stops.</summary>
    public const int FormatVersion = 1;

    /// <summary>The columns of a feed and table's state.</summary>
    public const string StateColumns = $"""
        feed_id VARCHAR(36) NOT NULL, table_name {TableName} NOT NULL, format_version BIGINT NOT NULL, epoch BIGINT NOT NULL,
        sequence BIGINT NOT NULL, load_type VARCHAR(16) NOT NULL, schema_json VARCHAR(65535), signature VARCHAR(256),
        run_id VARCHAR(36) NOT NULL, host VARCHAR(512) NOT NULL, process_id BIGINT NOT NULL, claimed_at VARCHAR(32) NOT NULL,
        retired_schema_json VARCHAR(65535)
        """;

    /// <summary>The names of <see cref="StateColumns"/>.</summary>
    public const string StateNames =
        "feed_id, table_name, format_version, epoch, sequence, load_type, schema_json, signature, run_id, host, process_id, claimed_at, "
        + "retired_schema_json";

    /// <summary>
    /// The values of a state that no run has claimed yet, in the order of <see cref="StateColumns"/>. A claim replaces all that are not numbers.
    /// </summary>
    public const string FirstState = $"""
        CAST('' AS VARCHAR(36)), CAST('' AS {TableName}), CAST(1 AS BIGINT), CAST(0 AS BIGINT), CAST(0 AS BIGINT), CAST('' AS VARCHAR(16)),
        CAST(NULL AS VARCHAR(65535)), CAST(NULL AS VARCHAR(256)), CAST('00000000-0000-0000-0000-000000000000' AS VARCHAR(36)),
        CAST('' AS VARCHAR(512)), CAST(0 AS BIGINT), CAST('1970-01-01T00:00:00.000000Z' AS VARCHAR(32)), CAST(NULL AS VARCHAR(65535))
        """;

    /// <summary>The columns of the loads.</summary>
    public const string LoadColumns = $"""
        feed_id VARCHAR(36) NOT NULL, table_name {TableName} NOT NULL, sequence BIGINT NOT NULL, load_id VARCHAR(64) NOT NULL,
        run_id VARCHAR(36) NOT NULL, mode VARCHAR(16) NOT NULL, row_count BIGINT NOT NULL, object_count BIGINT NOT NULL,
        byte_count BIGINT NOT NULL, committed_at VARCHAR(32) NOT NULL, audited BIGINT NOT NULL, retired BIGINT NOT NULL
        """;

    /// <summary>The columns of the files.</summary>
    public const string FileColumns = $"""
        feed_id VARCHAR(36) NOT NULL, table_name {TableName} NOT NULL, bucket {Bucket} NOT NULL, object_key {Key} NOT NULL,
        generation BIGINT NOT NULL, etag {ETag} NOT NULL, size BIGINT NOT NULL, load_id VARCHAR(64) NOT NULL, retired BIGINT NOT NULL
        """;

    /// <summary>Creates the state's table.</summary>
    /// <param name="table">What follows CREATE TABLE.</param>
    public static NamedStatement CreateState(string table) => new("create the ledger's state", $"CREATE TABLE {table}");

    /// <summary>Creates the table of loads if it is missing.</summary>
    public static NamedStatement CreateLoads(string table) => new("create the ledger's loads", $"CREATE TABLE IF NOT EXISTS {table}");

    /// <summary>Creates the table of files if it is missing.</summary>
    public static NamedStatement CreateFiles(string table) => new("create the ledger's files", $"CREATE TABLE IF NOT EXISTS {table}");
}

/// <summary>
/// The columns of a feed as the ledger stores them: JSON; if that is longer than 16 KiB, compressed and in Base64, because a VARCHAR has at most
/// 65,535 bytes and a row that the Data API returns 64 KiB.
/// </summary>
internal static class LedgerSchema
{
    private const int MaxPlain = 16 * 1024;
    private const string Compressed = "gzip:";

    /// <summary>Writes a schema.</summary>
    public static string Write(FeedSchema schema)
    {
        var json = Encoding.UTF8.GetBytes(SchemaJson.Write(schema));
        if (json.Length <= MaxPlain)
            return Encoding.UTF8.GetString(json);
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.SmallestSize))
            gzip.Write(json);
        return Compressed + Convert.ToBase64String(bytes.ToArray());
    }

    /// <summary>Returns the JSON of what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not Base64.</exception>
    /// <exception cref="InvalidDataException">The text is not compressed JSON.</exception>
    public static string Expand(string text)
    {
        if (!text.StartsWith(Compressed, StringComparison.Ordinal))
            return text;
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(text[Compressed.Length..])), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
