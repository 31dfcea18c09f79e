using System.Globalization;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// Has the warehouse load staged files with COPY (Redshift Database Developer Guide, "COPY"), always from a manifest: a prefix could match files of
/// others.
/// </summary>
internal sealed class RedshiftCopy(
    IRedshiftChannel channel, WarehouseParts parts, RedshiftDestination definition, RedshiftErrors errors) : IWarehouseCopy
{
    /// <summary>How many refused rows one COPY finds; as many as are read from the warehouse's views.</summary>
    private const int MaxErrors = 1000;

    private readonly WarehouseDialect _dialect = parts.Dialect;
    private readonly IStagingArea _area = parts.Area;

    public async Task<IReadOnlyList<RefusedStagedRow>> CopyRowsAsync(
        string table, CsvStage stage, IReadOnlyList<StagedPart> staged, IReadOnlyList<(FeedColumn Column, string Type)> columns,
        CancellationToken cancellationToken)
    {
        var defined = _dialect.DefineStaged(columns);
        await channel.ExecuteAsync(
            new($"CREATE TABLE {_dialect.Table(table)} ({string.Join(", ", defined)}) BACKUP NO DISTSTYLE EVEN"), cancellationToken);
        // Parts of a load that met new columns midway have fewer columns at first.
        foreach (var (group, same) in staged.GroupBy(p => p.Schema.Columns.Count).Index())
        {
            var manifest = string.Create(CultureInfo.InvariantCulture, $"{stage.Prefix}{table}-{group + 1}.manifest");
            await CopyManifest.WriteAsync(_area, manifest, [.. same], cancellationToken);
            var names = same.First().Schema.Columns.Select(c => _dialect.Column(c.Name))
                .Prepend(WarehouseNames.Row).Prepend(WarehouseNames.Ordinal);
            var copy = CreateCopy(table, names, manifest, stage.NullText);
            try
            {
                await channel.ExecuteAsync(new(copy), cancellationToken);
            }
            catch (StatementRefusedException e) when (e.Refusal == StatementRefusal.RowRefused)
            {
                return await FindRefusedAsync(table, stage, copy, e, cancellationToken);
            }
        }
        return [];
    }

    public async Task CopyRecordsAsync(string table, string file, long bytes, NullToken token, CancellationToken cancellationToken)
    {
        var manifest = $"{file}.manifest";
        await CopyManifest.WriteAsync(_area, manifest, [new StagedPart(_area.GetUri(file), bytes, "", 0, new FeedSchema([]))], cancellationToken);
        var columns = CommitRecords.Columns.Select(c => $"{c.Name} {c.Type}");
        await channel.RunAsync(
            new WarehouseScript(
            [
                new("create the commit's records", $"CREATE TABLE {_dialect.Table(table)} ({string.Join(", ", columns)}) BACKUP NO"),
                new("copy the commit's records", CreateCopy(table, CommitRecords.Columns.Select(c => c.Name), manifest, token.Text)),
            ]),
            cancellationToken);
    }

    public IEnumerable<string> Describe(string table, IEnumerable<string> columns, string prefix) =>
    [
        "-- the rows are staged as gzip CSV files, which a manifest names; <commit_records> has the load, its objects and the run",
        CreateCopy(table, columns, $"{prefix}<manifest>", "<null>"),
    ];

    // The warehouse tells neither from the other: both are empty, or both are NULL (EMPTYASNULL).
    public bool TellsEmptyFromNull => false;

    public Task CopyObjectsAsync(
        string table, CsvStage stage, DirectFiles files, IReadOnlyList<FeedColumn> columns, CancellationToken cancellationToken)
        => new RedshiftObjects(channel, parts, Access).CopyAsync(table, stage, files, columns, cancellationToken);

    public IEnumerable<string> DescribeObjects(string table, IEnumerable<string> columns, DirectForm form, string prefix)
        => new RedshiftObjects(channel, parts, Access).Describe(table, columns, form, $"{prefix}<manifest>");

    /// <summary>A COPY of the gzip CSV files of a manifest.</summary>
    public string CreateCopy(string table, IEnumerable<string> columns, string manifest, string nullText) => $"""
        COPY {_dialect.Table(table)} ({string.Join(", ", columns)}) FROM {RedshiftText.Literal(_area.GetUri(manifest))}
        {Access}
        MANIFEST FORMAT AS CSV GZIP NULL AS {RedshiftText.Literal(nullText)} COMPUPDATE OFF STATUPDATE OFF
        """;

    private string Access => $"IAM_ROLE {(definition.IamRole is { } role ? RedshiftText.Literal(role) : "default")}{Region}";

    // COPY reads from another region only if it is told which.
    private string Region => _area.Region is { } region && !string.Equals(region, definition.Region, StringComparison.OrdinalIgnoreCase)
        ? $" REGION {RedshiftText.Literal(region)}"
        : "";

    // A COPY ends at the first row that it refuses. One that loads nothing (NOLOAD) finds the others, so that many bad rows do not need a COPY each.
    private async Task<IReadOnlyList<RefusedStagedRow>> FindRefusedAsync(
        string table, CsvStage stage, string copy, StatementRefusedException refusal, CancellationToken cancellationToken)
    {
        var first = await ReadRefusedAsync(table, stage, refusal, cancellationToken);
        try
        {
            await channel.ExecuteAsync(
                new(string.Create(CultureInfo.InvariantCulture, $"{copy} NOLOAD MAXERROR {MaxErrors}")), cancellationToken);
        }
        catch (StatementRefusedException e) when (e.Refusal == StatementRefusal.RowRefused)
        {
            // There are more; those that it has found count.
        }
        catch (StatementRefusedException e) when (e.Refusal != StatementRefusal.Cancelled)
        {
            parts.Logger.LogDebug(e, "A COPY that finds all refused rows failed; they are found one by one.");
            return first;
        }
        var all = await ReadRefusedAsync(table, stage, refusal, cancellationToken);
        return [.. first.Concat(all).DistinctBy(r => (r.Ordinal, r.Row))];
    }

    private async Task<IReadOnlyList<RefusedStagedRow>> ReadRefusedAsync(
        string table, CsvStage stage, StatementRefusedException refusal, CancellationToken cancellationToken)
    {
        var found = await channel.ReadLoadErrorsAsync(table, cancellationToken);
        List<RefusedStagedRow> rows = [];
        foreach (var error in found)
        {
            // A serverless workgroup names file and line only.
            var place = CsvStage.ReadPlace(error.RawLine) ?? await stage.FindRowAsync(error.File.Trim(), error.Line, cancellationToken);
            if (place is not var (ordinal, row))
                continue;
            var column = error.Column.Trim() is { Length: > 0 } name ? $"column {name}{Type(error)}: " : "";
            rows.Add(new(ordinal, row, $"Redshift: {column}{error.Reason.Trim()}"));
        }
        if (rows.Count > 0)
            return [.. rows.DistinctBy(r => (r.Ordinal, r.Row))];
        throw found is [var first, ..] ? errors.RowNotFound(first, refusal) : refusal;
    }

    private static string Type(RedshiftLoadError error) => error.Type.Trim() is { Length: > 0 } type ? $" ({type})" : "";
}

/// <summary>Writes the literals that COPY needs, because it takes no parameters: addresses of staged files, the role, the NULL text.</summary>
internal static class RedshiftText
{
    /// <summary>Quotes a text. A backslash is refused, because Redshift reads it as an escape.</summary>
    /// <exception cref="ArgumentException">The text has a backslash or a control character.</exception>
    public static string Literal(string text)
    {
        if (text.Any(c => c == '\\' || char.IsControl(c)))
            throw new ArgumentException("A text in a COPY has a backslash or a control character.", nameof(text));
        return $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }
}
