using System.Data.Common;
using System.Runtime.CompilerServices;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;
using static PeakS3Feed.Destinations.Sql.SqlCommands;

namespace PeakS3Feed.Destinations.Sql;

/// <content>
/// Finds and takes over loads that do not count for the feed, although their rows are in its table. The audit columns say whose rows
/// these are. Without audit columns, the feed's own last loads are assumed to be those in the table.
/// </content>
internal sealed partial class SqlLedger
{
    private string Retired => _hasRetired ? RetiredColumn : "0";

    /// <summary>Returns what can be taken over, or null. May read the whole table.</summary>
    private async Task<LedgerTakeover?> FindTakeoverAsync(TableSnapshot table, LedgerState? state, CancellationToken cancellationToken)
    {
        var found = await FindUnitsAsync(table, cancellationToken);
        var units = LedgerUnit.Renumber(found, IsOwn, state?.Sequence ?? 0);
        return units.Count == 0 ? null : new LedgerTakeover(units, await ReadSchemaAsync(units[^1], cancellationToken));
    }

    /// <summary>Takes loads over, inside a load's transaction.</summary>
    public async Task TakeOverAsync(LedgerTakeover takeover, CancellationToken cancellationToken)
    {
        await MigrateAsync(cancellationToken);
        foreach (var unit in takeover.Units)
        {
            await MoveAsync(Load, "sequence", unit, cancellationToken);
            await MoveAsync(File, "generation", unit, cancellationToken);
            if (IsOwn(unit) || unit.Retired != 0)
                continue;
            // Its sequence stays, in case that feed comes back.
            await ExecuteAsync(
                $"UPDATE {Lock} SET epoch = epoch + 1, schema_json = NULL, signature = NULL WHERE {Rows(withRetired: false)}",
                unit, cancellationToken);
        }
        await using var update = _commands.Create($"UPDATE {Lock} SET sequence = @sequence, schema_json = @schema WHERE {Mine}");
        Add(update, "sequence", takeover.Sequence);
        Add(update, "schema", SchemaJson.Write(takeover.Schema ?? new FeedSchema([])));
        await update.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Streams the names of a bucket's objects whose rows are in the table, without those that other feeds count as theirs.</summary>
    public async IAsyncEnumerable<string> ReadLoadedFilesAsync(string bucket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var file = SqlIdentifier.Quote(AuditColumn.FileName.Name);
        var others = await ExistsAsync(cancellationToken)
            ? $"""
                 AND coalesce({RunOfRow}, '') NOT IN (
                    SELECT l.run_id FROM {Load} l JOIN {Lock} k ON k.feed_id = l.feed_id AND k.table_name = l.table_name
                    WHERE l.table_name = @table AND l.feed_id <> @feed AND k.load_type <> '{nameof(LoadMode.Replace)}'
                    AND {(_hasRetired ? $"l.{RetiredColumn} = 0" : "1 = 1")})
                """
            : "";
        await using var command = _commands.Create(
            $"SELECT DISTINCT {file} FROM {_commands.Dialect.Table(_commands.Target.Table)} WHERE substr({file}, 1, @length) = @prefix{others}");
        var prefix = $"s3://{bucket}/";
        Add(command, "prefix", prefix);
        Add(command, "length", prefix.Length);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            yield return reader.GetString(0);
    }

    private async Task<List<LedgerUnit>> FindUnitsAsync(TableSnapshot table, CancellationToken cancellationToken)
    {
        var audited = table.Columns.Any(c => _commands.Dialect.NameComparer.Equals(c.Name, AuditColumn.RequestId.Name));
        var runs = $"SELECT {RunOfRow} FROM {_commands.Dialect.Table(_commands.Target.Table)}";
        var inTable = audited ? $"sum(CASE WHEN run_id IN ({runs}) THEN 1 ELSE 0 END)" : "0";
        await using var command = _commands.Create(
            $"""
            SELECT feed_id, table_name, {Retired}, min(sequence), max(sequence), count(*), CAST(sum(object_count) AS bigint), max(committed_at),
                CAST({inTable} AS bigint), CAST(sum(audited) AS bigint)
            FROM {Load} WHERE (table_name = @table OR feed_id = @feed) AND NOT ({Mine} AND {Retired} = 0)
            GROUP BY feed_id, table_name{(_hasRetired ? $", {RetiredColumn}" : "")}
            """);
        var units = await _commands.QueryAsync(
            command, r => (Unit: UnitOf(r), InTable: r.GetInt64(8) > 0, Audited: r.GetInt64(9) > 0), cancellationToken);
        var last = units.Where(u => IsOwn(u.Unit)).Select(u => u.Unit.Retired).DefaultIfEmpty().Max();
        return
        [
            .. units
                .Where(u => MayTakeOver(u.Unit) && (u.InTable || (!u.Audited && IsOwn(u.Unit) && u.Unit.Retired == last)))
                .Select(u => u.Unit),
        ];
    }

    private LedgerUnit UnitOf(DbDataReader reader)
    {
        var row = Row(LoadTable, reader);
        return new(
            row.Id(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6),
            row.Time(7));
    }

    private bool IsOwn(LedgerUnit unit)
        => unit.FeedId == _commands.Target.FeedId
            && string.Equals(unit.Table, _commands.Dialect.LedgerName(_commands.Target.Table), StringComparison.Ordinal);

    // Loads of this feed, or of a feed that the store no longer has.
    private bool MayTakeOver(LedgerUnit unit)
        => unit.FeedId == _commands.Target.FeedId || _commands.Target.KnownFeeds is { } known && !known.ContainsKey(unit.FeedId);

    private async Task<FeedSchema?> ReadSchemaAsync(LedgerUnit unit, CancellationToken cancellationToken)
    {
        await using var command = _commands.Create(
            $"SELECT {(unit.Retired == 0 ? "schema_json" : RetiredSchemaColumn)} FROM {Lock} WHERE {Rows(withRetired: false)}");
        AddUnit(command, unit);
        return (await _commands.QueryAsync(command, r => Row(LockTable, r).Schema(0), cancellationToken)).FirstOrDefault();
    }

    private Task MoveAsync(string table, string number, LedgerUnit unit, CancellationToken cancellationToken) => ExecuteAsync(
        $"""
        UPDATE {table} SET feed_id = @feed, table_name = @table, {number} = {number} + @offset, {RetiredColumn} = 0
        WHERE {Rows(withRetired: true)}
        """, unit, cancellationToken);

    private static string Rows(bool withRetired) => $"feed_id = @owner AND table_name = @in{(withRetired ? $" AND {RetiredColumn} = @reset" : "")}";

    private async Task ExecuteAsync(string sql, LedgerUnit unit, CancellationToken cancellationToken)
    {
        await using var command = _commands.Create(sql);
        AddUnit(command, unit);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void AddUnit(DbCommand command, LedgerUnit unit)
    {
        Add(command, "owner", Text(unit.FeedId));
        Add(command, "in", unit.Table);
        if (command.CommandText.Contains("@offset", StringComparison.Ordinal))
            Add(command, "offset", unit.Offset);
        if (command.CommandText.Contains("@reset", StringComparison.Ordinal))
            Add(command, "reset", unit.Retired);
    }
}
