using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// Has Snowflake load the objects of a source with COPY INTO from an external stage, by their names (Snowflake SQL reference, "COPY INTO
/// &lt;table&gt;", "Type = CSV"). Snowflake remembers which files a table has loaded, so that a COPY that runs twice loads them once.
/// </summary>
/// <param name="channel">The way to Snowflake.</param>
/// <param name="dialect">Names and types.</param>
/// <param name="definition">The destination.</param>
internal sealed class SnowflakeSource(SnowflakeChannel channel, WarehouseDialect dialect, SnowflakeDestination definition)
{
    private string Stage => definition.SourceStage ?? "";

    /// <summary>Returns why Snowflake cannot read the objects of feeds itself, or null.</summary>
    public static LoadPathReason? RefusePlace(SnowflakeDestination definition) => definition.SourceStage is null
        ? new("the destination names no stage of the objects", "Name the external stage of the objects with SourceStage of the destination")
        : null;

    /// <summary>Loads objects into a table whose columns are in the order of the fields.</summary>
    public async Task CopyAsync(string table, DirectFiles files, CancellationToken cancellationToken)
    {
        var location = await FindLocationAsync(cancellationToken);
        foreach (var chunk in files.Objects.Chunk(SnowflakeCopy.MaxFiles))
        {
            var names = chunk.Select(o => Name(o, location));
            try
            {
                await channel.ExecuteAsync(new(Copy(table, names, files.Form, files.IsGzip ? "GZIP" : "NONE")), cancellationToken);
            }
            catch (StatementRefusedException e) when (e.Refusal == StatementRefusal.RowRefused)
            {
                throw Explain(e, location);
            }
        }
    }

    /// <summary>Returns how objects are loaded, for a plan.</summary>
    public IEnumerable<string> Describe(string table, DirectForm form) =>
    [
        "-- each request names the database and the schema; Snowflake loads the objects itself, by their names, at most 1,000 in each COPY; "
            + "<COMMIT_RECORDS> has the load, its objects and the run",
        Copy(table, ["<objects>"], form, "<GZIP or NONE>"),
    ];

    private string Copy(string table, IEnumerable<string> names, DirectForm form, string compression)
    {
        var nulls = form.NullValues.Concat(form.EmptyAsNull ? [""] : Array.Empty<string>()).Select(SnowflakeText.Literal);
        return $"""
            COPY INTO {dialect.Table(table)} FROM @{StagePath.Quote(Stage)}
            FILES = ({string.Join(", ", names.Select(SnowflakeText.Literal))})
            FILE_FORMAT = (TYPE = CSV COMPRESSION = {compression} FIELD_DELIMITER = {Delimiter(form.Separator)} RECORD_DELIMITER = '\n'
                FIELD_OPTIONALLY_ENCLOSED_BY = '"' ESCAPE = NONE ESCAPE_UNENCLOSED_FIELD = NONE NULL_IF = ({string.Join(", ", nulls)})
                EMPTY_FIELD_AS_NULL = TRUE TRIM_SPACE = FALSE SKIP_HEADER = 1 SKIP_BLANK_LINES = TRUE REPLACE_INVALID_CHARACTERS = FALSE
                ENCODING = 'UTF8' ERROR_ON_COLUMN_COUNT_MISMATCH = TRUE)
            ON_ERROR = ABORT_STATEMENT PURGE = FALSE FORCE = FALSE TRUNCATECOLUMNS = FALSE
            """;
    }

    // Octal or hex codes stand for characters that cannot be printed (COPY INTO, "FIELD_DELIMITER").
    private static string Delimiter(char separator) => separator switch
    {
        '\t' => @"'\t'",
        _ when char.IsControl(separator) => string.Create(CultureInfo.InvariantCulture, $@"'\x{(int)separator:x2}'"),
        _ => SnowflakeText.Literal(separator.ToString()),
    };

    // The bucket and folder of the stage.
    private async Task<string> FindLocationAsync(CancellationToken cancellationToken)
    {
        string? url = null;
        await foreach (var row in channel.QueryByNameAsync(new($"DESC STAGE {StagePath.Quote(Stage)}"), cancellationToken))
        {
            if (row.GetValueOrDefault("property") == "URL")
                url = row.GetValueOrDefault("property_value");
        }
        var text = url?.Trim('[', ']', '"') ?? "";
        if (text.Split("://", 2) is not [_, { Length: > 0 } place])
            throw Refused($"{Stage} is not an external stage: it has no URL", inner: null);
        return place.EndsWith('/') ? place : place + "/";
    }

    // The name in the stage. A stage on a server that is compatible with S3 has the server's host before the bucket.
    private string Name(SourceObject source, string location)
    {
        var place = $"{source.Bucket}/{source.Key}";
        var folder = location.StartsWith(source.Bucket + "/", StringComparison.Ordinal) ? location : location[(location.IndexOf('/') + 1)..];
        return place.StartsWith(folder, StringComparison.Ordinal)
            ? place[folder.Length..]
            : throw Refused($"the stage {Stage} is at {location}, where {source.Uri} is not", inner: null);
    }

    private static DirectRefusedException Explain(StatementRefusedException refusal, string location)
    {
        if (SnowflakeCopyError.Read((refusal.InnerException ?? refusal).Message) is not { } error)
            return Refused($"the warehouse refuses a row: {refusal.Message.TrimEnd('.')}", refusal);
        var file = error.File.Contains("://", StringComparison.Ordinal) ? error.File : $"s3://{location}{error.File}";
        var position = new SourcePosition(file, error.Line, Column: error.Column is { Length: > 0 } column ? column : null);
        var reason = SnowflakeRefusals.Clean(error.Reason);
        return new($"the warehouse refuses a row ({position}: {reason.TrimEnd('.')})", DirectErrors.RowRefused(position, reason, refusal));
    }

    private static DirectRefusedException Refused(string reason, Exception? inner) => new(reason, DirectErrors.Refused(reason + ".", inner));
}
