using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// Has Snowflake load staged files with COPY INTO (Snowflake SQL reference, "COPY INTO &lt;table&gt;"), always with a list of files: a prefix could
/// match files of others. Snowflake remembers which files a table has loaded, so that a COPY that runs twice loads them once.
/// </summary>
internal sealed class SnowflakeCopy(SnowflakeChannel channel, WarehouseParts parts, SnowflakeDestination definition) : IWarehouseCopy
{
    /// <summary>How many files one COPY names: Snowflake's limit.</summary>
    public const int MaxFiles = 1000;

    /// <summary>How many refused rows are read at once. Those that remain are found by the next COPY.</summary>
    private const int MaxRefusedRows = 20_000;

    private readonly WarehouseDialect _dialect = parts.Dialect;

    public async Task<IReadOnlyList<RefusedStagedRow>> CopyRowsAsync(
        string table, CsvStage stage, IReadOnlyList<StagedPart> staged, IReadOnlyList<(FeedColumn Column, string Type)> columns,
        CancellationToken cancellationToken)
    {
        var defined = columns.Select(c => $"{_dialect.Column(c.Column.Name)} {_dialect.StagedType(c.Column, c.Type)}")
            .Prepend($"{WarehouseNames.Row} BIGINT").Prepend($"{WarehouseNames.Ordinal} BIGINT");
        await CreateAsync(table, defined, cancellationToken);
        var root = parts.Area.GetUri(stage.Prefix);
        // Parts of a load that met new columns midway have fewer columns at first.
        foreach (var same in staged.GroupBy(p => p.Schema.Columns.Count))
        {
            var names = same.First().Schema.Columns.Select(c => _dialect.Column(c.Name))
                .Prepend(WarehouseNames.Row).Prepend(WarehouseNames.Ordinal).ToList();
            foreach (var files in same.Select(p => p.Uri[root.Length..]).Chunk(MaxFiles))
            {
                var copy = new CopyText(table, names, stage.Prefix, files, stage.NullText);
                try
                {
                    await channel.ExecuteAsync(new(Copy(copy)), cancellationToken);
                }
                catch (StatementRefusedException e) when (e.Refusal == StatementRefusal.RowRefused)
                {
                    return await FindRefusedAsync(copy, stage, e, cancellationToken);
                }
            }
        }
        return [];
    }

    public async Task CopyRecordsAsync(string table, string file, long bytes, NullToken token, CancellationToken cancellationToken)
    {
        await CreateAsync(table, CommitRecords.Columns.Select(c => $"{c.Name} {c.Type}"), cancellationToken);
        var (folder, name) = Split(file);
        var copy = new CopyText(table, [.. CommitRecords.Columns.Select(c => c.Name)], folder, [name], token.Text);
        await channel.ExecuteAsync(new(Copy(copy)), cancellationToken);
    }

    public IEnumerable<string> Describe(string table, IEnumerable<string> columns, string prefix) =>
    [
        "-- each request names the database and the schema; the rows are staged as gzip CSV files, which COPY names; "
            + "<COMMIT_RECORDS> has the load, its objects and the run",
        Copy(new CopyText(table, [.. columns], prefix, ["<files>"], "<null>")),
    ];

    /// <summary>A COPY of gzip CSV files.</summary>
    public string Copy(CopyText copy) => CreateCopy(copy, "ON_ERROR = ABORT_STATEMENT");

    // No retention and no fail-safe: what is staged can be staged again.
    private Task CreateAsync(string table, IEnumerable<string> columns, CancellationToken cancellationToken) => channel.ExecuteAsync(
        new($"CREATE TRANSIENT TABLE {_dialect.Table(table)} ({string.Join(", ", columns)}) DATA_RETENTION_TIME_IN_DAYS = 0"), cancellationToken);

    private string CreateCopy(CopyText copy, string mode) => $"""
        COPY INTO {_dialect.Table(copy.Table)} ({string.Join(", ", copy.Columns)}) FROM {StagePath.From(definition.Stage, copy.Folder)}
        FILES = ({string.Join(", ", copy.Files.Select(SnowflakeText.Literal))})
        FILE_FORMAT = (TYPE = CSV COMPRESSION = GZIP FIELD_DELIMITER = ',' RECORD_DELIMITER = '\n' FIELD_OPTIONALLY_ENCLOSED_BY = '"'
            ESCAPE = NONE ESCAPE_UNENCLOSED_FIELD = NONE NULL_IF = ({SnowflakeText.Literal(copy.NullText)}) EMPTY_FIELD_AS_NULL = FALSE
            TRIM_SPACE = FALSE ENCODING = 'UTF8' DATE_FORMAT = 'YYYY-MM-DD' TIMESTAMP_FORMAT = AUTO)
        {mode}
        """;

    // A COPY ends at the first row that it refuses. Its error names that row; a validation names them all.
    private async Task<IReadOnlyList<RefusedStagedRow>> FindRefusedAsync(
        CopyText copy, CsvStage stage, StatementRefusedException refusal, CancellationToken cancellationToken)
    {
        List<RefusedStagedRow> rows = [];
        try
        {
            var validation = new WarehouseStatement(CreateCopy(copy, "VALIDATION_MODE = RETURN_ALL_ERRORS"));
            var errors = channel.QueryByNameAsync(validation, cancellationToken).Take(MaxRefusedRows);
            await foreach (var error in errors.WithCancellation(cancellationToken))
            {
                if (await FindRowAsync(copy, stage, error, cancellationToken) is { } row)
                    rows.Add(row);
            }
        }
        catch (StatementRefusedException e) when (e.Refusal is not (StatementRefusal.Cancelled or StatementRefusal.NotReady))
        {
            // The row of the error counts.
        }
        if (rows.Count == 0 && await FindFirstAsync(copy, stage, refusal, cancellationToken) is { } first)
            rows.Add(first);
        return rows.Count > 0 ? [.. rows.DistinctBy(r => (r.Ordinal, r.Row))] : throw refusal;
    }

    private async Task<RefusedStagedRow?> FindRowAsync(
        CopyText copy, CsvStage stage, IReadOnlyDictionary<string, string?> error, CancellationToken cancellationToken)
    {
        var place = ReadPlace(error.GetValueOrDefault("REJECTED_RECORD") ?? "")
            ?? (long.TryParse(error.GetValueOrDefault("LINE"), CultureInfo.InvariantCulture, out var line)
                ? await FindLineAsync(copy, stage, error.GetValueOrDefault("FILE") ?? "", line, cancellationToken)
                : null);
        return place is var (ordinal, row)
            ? new(ordinal, row, Explain(error.GetValueOrDefault("COLUMN_NAME") ?? "", error.GetValueOrDefault("ERROR") ?? ""))
            : null;
    }

    private async Task<RefusedStagedRow?> FindFirstAsync(
        CopyText copy, CsvStage stage, StatementRefusedException refusal, CancellationToken cancellationToken)
        => SnowflakeCopyError.Read((refusal.InnerException ?? refusal).Message) is { } error
            && await FindLineAsync(copy, stage, error.File, error.Line, cancellationToken) is var (ordinal, row)
            ? new(ordinal, row, Explain(error.Column, error.Reason))
            : null;

    // Snowflake's errors name the file with a path of its own.
    private Task<(long, long)?> FindLineAsync(CopyText copy, CsvStage stage, string file, long line, CancellationToken cancellationToken)
        => stage.FindRowAsync(parts.Area.GetUri(copy.Folder + Split(file.Trim()).Name), line, cancellationToken);

    // "N"["AMOUNT":3]: the table, the column and its number.
    private static string Explain(string column, string reason)
    {
        var name = column.Split('[', 2) is [_, var inner] ? inner.Split("\":", 2)[0].Trim('"', ']') : column.Trim('"');
        return $"Snowflake: {(name.Length > 0 ? $"column {name}: " : "")}{SnowflakeRefusals.Clean(reason)}";
    }

    // A staged row begins with its object's number in the load and its own number in the object.
    private static (long Ordinal, long Row)? ReadPlace(string record)
        => record.Split(',', 3) is [var first, var second, ..]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var row)
            ? (ordinal, row)
            : null;

    private static (string Folder, string Name) Split(string path)
    {
        var end = path.LastIndexOf('/') + 1;
        return (path[..end], path[end..]);
    }
}

/// <summary>What a COPY loads.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="Columns">The columns, in the order of the files; quoted where they need it.</param>
/// <param name="Folder">The folder of the stage; empty, or ending with <c>/</c>.</param>
/// <param name="Files">The files in it.</param>
/// <param name="NullText">The text that stands for NULL.</param>
internal sealed record CopyText(string Table, IReadOnlyList<string> Columns, string Folder, IReadOnlyList<string> Files, string NullText);

/// <summary>Writes the place of staged files as SQL text.</summary>
internal static class StagePath
{
    /// <summary>Returns the reference to a folder of a stage: <c>@"DB"."SCHEMA"."STAGE"/folder/</c>.</summary>
    /// <param name="stage">The stage as the definition names it.</param>
    /// <param name="folder">The folder: letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>/</c>, which need no quotes.</param>
    public static string From(string stage, string folder) => $"@{Quote(stage)}/{folder}";

    /// <summary>Quotes a stage's name of one to three parts.</summary>
    public static string Quote(string stage) => string.Join('.', SnowflakeIdentifier.ReadPath(stage).Select(SqlIdentifier.Quote));
}
