using System.Globalization;
using System.Runtime.CompilerServices;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>Reads the ledger in the warehouse.</summary>
internal sealed class WarehouseLedger(IWarehouseChannel channel, WarehouseDialect dialect, WarehouseNames names, LoadTarget target)
{
    /// <summary>The columns of the state's row, as <see cref="State"/> reads them.</summary>
    private const string StateColumns =
        "k.format_version, k.epoch, k.sequence, k.load_type, k.schema_json, k.signature, k.run_id, k.host, k.process_id, k.claimed_at";

    private const string LoadColumns = "load_id, sequence, run_id, mode, row_count, object_count, byte_count, committed_at";

    private const string Mine = "feed_id = :feed AND table_name = :table";

    private const int PageRows = 20_000;

    private string Lock => dialect.Table(names.Lock);

    private string Loads => dialect.Table(WarehouseNames.Loads);

    private string Files => dialect.Table(WarehouseNames.Files);

    private (string, string)[] Key => [("feed", SqlCommands.Text(target.FeedId)), ("table", dialect.LedgerName(target.Table))];

    /// <summary>Reads the state, and whether the target has rows, at one moment. The state's table exists.</summary>
    /// <param name="readsTarget">Whether the target exists.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The state, or null before the first claim.</returns>
    public async Task<(LedgerState? State, bool HasRows)> ReadStateAsync(bool readsTarget, CancellationToken cancellationToken)
    {
        var hasRows = readsTarget ? $"(SELECT COUNT(*) FROM (SELECT 1 FROM {dialect.Table(target.Table)} LIMIT 1) a)" : "0";
        var query = new WarehouseStatement($"SELECT {StateColumns}, {hasRows} FROM {Lock} k");
        await foreach (var row in channel.QueryAsync(query, cancellationToken))
            return (State(row), row[10] != "0");
        return (null, readsTarget && await HasRowsAsync(cancellationToken));
    }

    /// <summary>Returns whether the target, which exists, has rows.</summary>
    public async Task<bool> HasRowsAsync(CancellationToken cancellationToken)
        => await channel.QueryAsync(new($"SELECT 1 FROM {dialect.Table(target.Table)} LIMIT 1"), cancellationToken).AnyAsync(cancellationToken);

    /// <summary>Counts the rows of a table, which exists.</summary>
    public async Task<long> CountAsync(string table, CancellationToken cancellationToken)
        => long.Parse(
            (await channel.QueryAsync(new($"SELECT COUNT(*) FROM {dialect.Table(table)}"), cancellationToken).SingleAsync(cancellationToken))[0]!,
            CultureInfo.InvariantCulture);

    /// <summary>Reads the modes of other feeds whose loads into the table count, by feed.</summary>
    public async Task<Dictionary<Guid, string>> ReadOtherFeedsAsync(CancellationToken cancellationToken)
    {
        var query = new WarehouseStatement(
            $"""
            SELECT feed_id, mode FROM (
                SELECT feed_id, mode, ROW_NUMBER() OVER (PARTITION BY feed_id ORDER BY sequence DESC) AS n FROM {Loads}
                WHERE table_name = :table AND feed_id <> :feed AND retired = 0) l
            WHERE n = 1
            """,
            Key);
        var others = new Dictionary<Guid, string>();
        await foreach (var row in channel.QueryAsync(query, cancellationToken))
        {
            var values = new LedgerValues(target, WarehouseNames.Loads, row);
            others.Add(values.Id("feed_id"), values.Text("mode"));
        }
        return others;
    }

    /// <summary>Returns the loads with an id, or of a run, in order.</summary>
    public async Task<List<LoadRecord>> ReadLoadsAsync(string column, string value, CancellationToken cancellationToken)
    {
        var query = new WarehouseStatement(
            $"SELECT {LoadColumns} FROM {Loads} WHERE {Mine} AND {column} = :value ORDER BY sequence", [.. Key, ("value", value)]);
        return await channel.QueryAsync(query, cancellationToken).Select(Load).ToListAsync(cancellationToken);
    }

    /// <summary>Counts the records of this feed and table.</summary>
    public async Task<LedgerCounts> CountAsync(CancellationToken cancellationToken)
    {
        var query = new WarehouseStatement(
            $"""
            SELECT
                (SELECT COUNT(*) FROM {Loads} WHERE {Mine}),
                (SELECT COALESCE(SUM(object_count), 0) FROM {Loads} WHERE {Mine} AND retired = 0 AND sequence >=
                    (SELECT COALESCE(MAX(sequence), 0) FROM {Loads} WHERE {Mine} AND retired = 0 AND mode = 'Replace')),
                (SELECT COUNT(*) FROM {Files} WHERE {Mine} AND retired = 0),
                (SELECT MAX(mode) FROM {Loads} WHERE {Mine} AND audited = 1 AND sequence = (SELECT MAX(sequence) FROM {Loads} WHERE {Mine}))
            """,
            Key);
        var row = await channel.QueryAsync(query, cancellationToken).SingleAsync(cancellationToken);
        var values = new LedgerValues(target, WarehouseNames.Loads, row);
        var (loads, recorded, objects) = (values.Number("sequence"), values.Number("object_count"), values.Number("object_key"));
        return new(loads, recorded, objects, Enum.TryParse<LoadMode>(row[3], out var mode) ? mode : null);
    }

    /// <summary>Streams the newest generation of each key of a bucket from a key on (empty for all), in the order of the keys' bytes, in pages.</summary>
    public async IAsyncEnumerable<LedgerEntry> ReadEntriesAsync(
        string bucket, string from, LedgerTakeover? takeover, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (limit, last) = (">=", from);
        List<LedgerEntry> page;
        do
        {
            page = await channel.QueryAsync(Page(bucket, limit, last, takeover), cancellationToken).Select(Entry).ToListAsync(cancellationToken);
            foreach (var entry in page)
                yield return entry;
            (limit, last) = (">", page.Count == 0 ? last : page[^1].Key);
        }
        while (page.Count == PageRows || (page.Count > 0 && dialect.MayCutResults));
    }

    /// <summary>Streams the names of a bucket's objects whose rows are in the target, without those that other feeds count as theirs.</summary>
    public IAsyncEnumerable<string> ReadLoadedFilesAsync(string bucket, bool hasLedger, CancellationToken cancellationToken)
    {
        var (file, run) = (dialect.Column(AuditColumn.FileName.Name), dialect.Column(AuditColumn.RequestId.Name));
        var others = hasLedger
            ? $" AND COALESCE({run}, '') NOT IN (SELECT run_id FROM {Loads} WHERE table_name = :table AND feed_id <> :feed AND retired = 0 "
                + $"AND mode <> '{nameof(LoadMode.Replace)}')"
            : "";
        var prefix = $"s3://{bucket}/";
        List<(string, string)> values = [("prefix", prefix), ("length", prefix.Length.ToString(CultureInfo.InvariantCulture))];
        var query = new WarehouseStatement(
            $"SELECT DISTINCT {file} FROM {dialect.Table(target.Table)} WHERE LEFT({file}, CAST(:length AS INTEGER)) = :prefix{others}",
            hasLedger ? [.. values, .. Key] : values);
        return channel.QueryAsync(query, cancellationToken).Select(r => r[0]!);
    }

    private WarehouseStatement Page(string bucket, string limit, string key, LedgerTakeover? takeover)
    {
        // A takeover's units may have loaded one key each: the highest number counts, once the units' offsets are added.
        var units = takeover?.Units ?? [];
        var rows = takeover is null ? $"{Mine} AND retired = 0" : $"({string.Join(" OR ", units.Select((_, i) => Unit(i)))})";
        var number = takeover is null
            ? "generation"
            : $"generation + CASE {string.Join(" ", units.Select((_, i) => $"WHEN {Unit(i)} THEN CAST(:offset{i} AS BIGINT)"))} ELSE 0 END";
        var sql = $"""
            SELECT object_key, etag, size FROM (
                SELECT object_key, etag, size, ROW_NUMBER() OVER (PARTITION BY object_key ORDER BY {number} DESC) AS n FROM {Files}
                WHERE {rows} AND bucket = :bucket{(key.Length > 0 ? $" AND object_key {limit} :key" : "")}) f
            WHERE n = 1 ORDER BY object_key LIMIT {PageRows}
            """;
        return new(
            sql,
            [
                .. takeover is null ? Key : [], ("bucket", bucket), .. key.Length > 0 ? [("key", key)] : ((string, string)[])[],
                .. units.SelectMany((u, i) => ((string, string)[])
                    [
                        ($"owner{i}", SqlCommands.Text(u.FeedId)), ($"in{i}", u.Table),
                        ($"retired{i}", Number(u.Retired)), ($"offset{i}", Number(u.Offset)),
                    ]),
            ]);

        static string Unit(int i) => $"feed_id = :owner{i} AND table_name = :in{i} AND retired = CAST(:retired{i} AS BIGINT)";
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private LedgerEntry Entry(IReadOnlyList<string?> row)
    {
        var values = new LedgerValues(target, WarehouseNames.Files, row);
        return new(values.Text("object_key"), values.Text("etag"), values.Number("size"));
    }

    private LoadRecord Load(IReadOnlyList<string?> row)
    {
        var values = new LedgerValues(target, WarehouseNames.Loads, row);
        return new(
            values.Text("load_id"), values.Number("sequence"), values.Id("run_id"), values.OneOf<LoadMode>("mode"), values.Number("row_count"),
            values.Number("object_count"), values.Number("byte_count"), values.Time("committed_at"));
    }

    private LedgerState State(IReadOnlyList<string?> row)
    {
        var values = new LedgerValues(target, names.Lock, row);
        if (values.Number("format_version") is > LedgerTables.FormatVersion and var version)
            throw LedgerErrors.TooNew(target, version);
        return new(
            values.Number("epoch"), values.Number("sequence"), values.Text("load_type"), values.Schema("schema_json"), values.TextOrNull(),
            new RunHolder(values.Id("run_id"), values.Text("host"), (int)values.Number("process_id"), values.Time("claimed_at")));
    }
}
