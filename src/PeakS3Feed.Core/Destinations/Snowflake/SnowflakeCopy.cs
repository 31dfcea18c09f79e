using System.Globalization;
using Microsoft.Extensions.Logging;
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
        await CreateAsync(table, _dialect.DefineStaged(columns), cancellationToken);
        var root = parts.Area.GetUri(stage.Prefix);
        // Parts of a load that met new columns midway have fewer columns at first.
        foreach (var same in staged.GroupBy(p => p.Schema.Columns.Count))
        {
            var lacksColumns = same.Key < columns.Count;
            foreach (var files in same.Select(p => p.Uri[root.Length..]).Chunk(MaxFiles))
            {
                var copy = new CopyText(table, stage.Prefix, files, stage.NullText) { LacksColumns = lacksColumns };
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
        return await FindUnreadableAsync(table, columns, cancellationToken);
    }

    public async Task CopyRecordsAsync(string table, string file, long bytes, NullToken token, CancellationToken cancellationToken)
    {
        string Type(string type) => type == CommitRecords.Time ? _dialect.StagedType(AuditColumn.CreatedAt, type) : type;
        await CreateAsync(table, CommitRecords.Columns.Select(c => $"{c.Name} {Type(c.Type)}"), cancellationToken);
        var (folder, name) = Split(file);
        var copy = new CopyText(table, folder, [name], token.Text);
        await channel.ExecuteAsync(new(Copy(copy)), cancellationToken);
    }

    public IEnumerable<string> Describe(string table, IEnumerable<string> columns, string prefix) =>
    [
        "-- each request names the database and the schema; the rows are staged as gzip CSV files, which COPY names; "
            + "<COMMIT_RECORDS> has the load, its objects and the run",
        Copy(new CopyText(table, prefix, ["<files>"], "<null>")),
    ];

    // Of CSV with quotes, an empty field is NULL and a quoted empty field is not (EMPTY_FIELD_AS_NULL).
    public bool TellsEmptyFromNull => true;

    public async Task CopyObjectsAsync(
        string table, CsvStage stage, DirectFiles files, IReadOnlyList<FeedColumn> columns, CancellationToken cancellationToken)
    {
        await CreateAsync(table, files.Columns.Select(c => $"{_dialect.Column(columns[c].Name)} {_dialect.DirectType}"), cancellationToken);
        await new SnowflakeSource(channel, _dialect, definition).CopyAsync(table, files, cancellationToken);
    }

    public IEnumerable<string> DescribeObjects(string table, IEnumerable<string> columns, DirectForm form, string prefix)
        => new SnowflakeSource(channel, _dialect, definition).Describe(table, form);

    /// <summary>A COPY of gzip CSV files.</summary>
    public string Copy(CopyText copy)
        => CreateCopy(copy, "ON_ERROR = ABORT_STATEMENT PURGE = FALSE FORCE = FALSE TRUNCATECOLUMNS = FALSE");

    // No retention and no fail-safe: what is staged can be staged again. The request may be sent twice; no other attempt has the table's name.
    private Task CreateAsync(string table, IEnumerable<string> columns, CancellationToken cancellationToken) => channel.ExecuteAsync(
        new(
            $"CREATE TRANSIENT TABLE IF NOT EXISTS {_dialect.Table(table)} ({string.Join(", ", columns)}) DATA_RETENTION_TIME_IN_DAYS = 0"
            + SnowflakeSyntax.Binary),
        cancellationToken);

    private string CreateCopy(CopyText copy, string mode) => $"""
        COPY INTO {_dialect.Table(copy.Table)} FROM {StagePath.From(definition.Stage, copy.Folder)}
        FILES = ({string.Join(", ", copy.Files.Select(SnowflakeText.Literal))})
        FILE_FORMAT = (TYPE = CSV COMPRESSION = GZIP FIELD_DELIMITER = ',' RECORD_DELIMITER = '\n' FIELD_OPTIONALLY_ENCLOSED_BY = '"'
            ESCAPE = NONE ESCAPE_UNENCLOSED_FIELD = NONE NULL_IF = ({SnowflakeText.Literal(copy.NullText)}) EMPTY_FIELD_AS_NULL = FALSE
            TRIM_SPACE = FALSE SKIP_HEADER = 0 SKIP_BLANK_LINES = FALSE REPLACE_INVALID_CHARACTERS = FALSE ENCODING = 'UTF8'
            ERROR_ON_COLUMN_COUNT_MISMATCH = {(copy.LacksColumns ? "FALSE" : "TRUE")} DATE_FORMAT = 'YYYY-MM-DD')
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
            parts.Logger.LogWarning(
                "Snowflake could not validate the staged files, so each refused row takes a COPY of its own: {Reason}", e.Message);
        }
        if (rows.Count == 0 && await FindFirstAsync(copy, stage, refusal, cancellationToken) is { } first)
            rows.Add(first);
        return rows.Count > 0 ? [.. rows.DistinctBy(r => (r.Ordinal, r.Row))] : throw refusal;
    }

    // PARSE_JSON of one value that it refuses would end each commit.
    private async Task<IReadOnlyList<RefusedStagedRow>> FindUnreadableAsync(
        string table, IReadOnlyList<(FeedColumn Column, string Type)> columns, CancellationToken cancellationToken)
    {
        List<RefusedStagedRow> rows = [];
        foreach (var name in columns.Where(c => c.Column.Type == ColumnType.Json).Select(c => _dialect.Column(c.Column.Name)))
        {
            var query = new WarehouseStatement(string.Create(CultureInfo.InvariantCulture, $"""
                SELECT i.{WarehouseNames.Ordinal}, i.{WarehouseNames.Row} FROM {_dialect.Table(table)} i
                WHERE i.{name} IS NOT NULL AND TRY_PARSE_JSON(i.{name}, 'd') IS NULL LIMIT {MaxRefusedRows}
                """));
            await foreach (var row in channel.QueryAsync(query, cancellationToken))
            {
                rows.Add(new(
                    long.Parse(row[0]!, CultureInfo.InvariantCulture), long.Parse(row[1]!, CultureInfo.InvariantCulture),
                    $"Snowflake: column {name.Trim('"')}: PARSE_JSON does not take the value"));
            }
        }
        return [.. rows.DistinctBy(r => (r.Ordinal, r.Row))];
    }

    private async Task<RefusedStagedRow?> FindRowAsync(
        CopyText copy, CsvStage stage, IReadOnlyDictionary<string, string?> error, CancellationToken cancellationToken)
    {
        var place = CsvStage.ReadPlace(error.GetValueOrDefault("REJECTED_RECORD") ?? "")
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

    private static (string Folder, string Name) Split(string path)
    {
        var end = path.LastIndexOf('/') + 1;
        return (path[..end], path[end..]);
    }
}

/// <summary>What a COPY loads.</summary>
/// <param name="Table">The table's name. Its columns are in the order of the files' fields.</param>
/// <param name="Folder">The folder of the stage; empty, or ending with <c>/</c>.</param>
/// <param name="Files">The files in it.</param>
/// <param name="NullText">The text that stands for NULL.</param>
internal sealed record CopyText(string Table, string Folder, IReadOnlyList<string> Files, string NullText)
{
    /// <summary>Whether the files lack the table's last columns, which are NULL then.</summary>
    public bool LacksColumns { get; init; }
}

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
