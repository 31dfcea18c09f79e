using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>
/// Has the warehouse load objects of a source into a staging table, and checks that it has the rows that a staged load would give.
/// </summary>
/// <param name="engine">The session's warehouse.</param>
/// <param name="names">The names of the feed and table.</param>
/// <param name="target">The feed and table.</param>
/// <param name="nameAsInTable">Returns the feed's columns with the names that they have in the table.</param>
/// <param name="refused">Is called with a column that cannot grow, and why.</param>
internal sealed class DirectRows(
    WarehouseEngine engine, WarehouseNames names, LoadTarget target, Func<FeedSchema, IReadOnlyList<TableColumn>, FeedSchema> nameAsInTable,
    Action<TableColumn, string> refused)
{
    // An expression about a column has its name up to ten times. A statement of the Data API has 100 KB.
    private const int MaxColumnsMeasured = 50;

    private readonly WarehouseParts _parts = engine.Parts;

    /// <summary>Loads objects; see <see cref="IDirectSession.CopyDirectAsync"/>.</summary>
    public async Task<long> CopyAsync(LoadName name, DirectFiles files, FeedSchema schema, CancellationToken cancellationToken)
    {
        var stage = _parts.FindStage(name);
        var table = names.StageTable(name, stage.NextAttempt(), "rows", _parts.Time.GetUtcNow());
        stage.Tables.Add(table);
        try
        {
            await engine.Copy.CopyObjectsAsync(table, stage.Files, files, schema.Columns, cancellationToken);
        }
        catch (StatementRefusedException e) when (e.Refusal is StatementRefusal.FilesRefused or StatementRefusal.Other)
        {
            throw Refused($"the warehouse refuses the objects: {e.Message.TrimEnd('.')}", DirectErrors.Refused(e.Message, e));
        }
        var (rows, longest) = await MeasureAsync(table, files.Form, schema, cancellationToken);
        await MakeRoomAsync(schema, longest, cancellationToken);
        stage.Longest = longest;
        stage.RowsTable = table;
        return rows;
    }

    private async Task<(long Rows, int[] Longest)> MeasureAsync(
        string table, DirectForm form, FeedSchema schema, CancellationToken cancellationToken)
    {
        var longest = new int[schema.Columns.Count];
        long rows = 0;
        foreach (var chunk in schema.Columns.Index().Chunk(MaxColumnsMeasured))
        {
            var measures = chunk.SelectMany(c => Measures(c.Item, c.Index, form)).ToList();
            var query = $"SELECT {string.Join(", ", measures.Select(m => m.Sql).Prepend("COUNT(*)"))} FROM {_parts.Dialect.Table(table)} i";
            var row = await engine.Channel.QueryAsync(new(query), cancellationToken).SingleAsync(cancellationToken);
            rows = Number(row[0]);
            foreach (var (measure, text) in measures.Zip(row.Skip(1)))
                measure.Take(Number(text), rows, longest);
        }
        return (rows, longest);
    }

    private IEnumerable<Measure> Measures(FeedColumn column, int place, DirectForm form)
    {
        var value = $"i.{_parts.Dialect.Column(column.Name)}";
        var isText = column.Type == ColumnType.Text;
        if (isText)
        {
            yield return new($"MAX(OCTET_LENGTH({value}))", (bytes, _, longest) => longest[place] = (int)bytes);
            if (form.EmptyAsNull || !engine.Copy.TellsEmptyFromNull)
                yield return Count($"OCTET_LENGTH({value}) = 0", (n, _, _) => RefuseIf(n > 0, DirectErrors.EmptyValues, column));
        }
        else
        {
            yield return Count(_parts.Dialect.IsNoBigInt(value), (n, _, _) => RefuseIf(n > 0, DirectErrors.UnreadableValues, column));
        }
        if (!column.Nullable)
        {
            var present = isText ? $"{value} IS NOT NULL" : $"OCTET_LENGTH({value}) > 0";
            yield return Count(present, (n, rows, _) => RefuseIf(n < rows, DirectErrors.MissingValues, column));
        }
    }

    private static Measure Count(string condition, Action<long, long, int[]> take) => new($"COUNT(CASE WHEN {condition} THEN 1 END)", take);

    // A column that cannot grow would end the commit. A staged load rejects its larger values.
    private async Task MakeRoomAsync(FeedSchema schema, int[] longest, CancellationToken cancellationToken)
    {
        var name = _parts.Dialect.Fold(target.Table);
        if ((await engine.Catalog.ReadAsync([name], cancellationToken)).GetValueOrDefault(name) is not { } table)
            return;
        var inTable = nameAsInTable(schema, table.Columns);
        int Longest(FeedColumn column) => longest[inTable.Columns.Index().First(c => c.Item == column).Index];
        var columns = await engine.Tables(target).MakeRoomAsync(table.Columns, inTable, Longest, isRefused: false, refused, cancellationToken);
        foreach (var column in inTable.Columns)
        {
            var existing = columns.FirstOrDefault(c => _parts.Dialect.NameComparer.Equals(c.Name, column.Name));
            RefuseIf(
                existing is not null && _parts.Dialect.LargerType(column, existing, Longest(column), isRefused: false) is not null,
                DirectErrors.TooLong, column);
        }
    }

    private void RefuseIf(bool condition, DirectProblem problem, FeedColumn column)
    {
        if (condition)
            throw Refused(problem(column.Name), DirectErrors.NotTheSame(target, problem(column.Name)));
    }

    private static DirectRefusedException Refused(string reason, Errors.FeedException error) => new(reason, error);

    private static long Number(string? text) => long.Parse(text ?? "0", CultureInfo.InvariantCulture);

    /// <summary>An expression over all rows, and what to do with its value.</summary>
    /// <param name="Sql">The expression.</param>
    /// <param name="Take">Takes the value, the number of rows, and the longest texts of the columns.</param>
    private sealed record Measure(string Sql, Action<long, long, int[]> Take);
}

/// <summary>Returns why rows differ from those of a staged load, for a column.</summary>
internal delegate string DirectProblem(string column);
