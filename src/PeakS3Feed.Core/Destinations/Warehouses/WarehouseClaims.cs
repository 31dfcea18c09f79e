using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>Claims a feed and table for a run, and resets them.</summary>
internal sealed class WarehouseClaims(WarehouseEngine engine, WarehouseNames names, LoadTarget target)
{
    // Each try that fails has lost to another run.
    private const int MaxTries = 20;

    private readonly WarehouseLedger _ledger = engine.Ledger(names, target);

    private IWarehouseChannel Channel => engine.Channel;

    private WarehouseDialect Dialect => engine.Parts.Dialect;

    private string Lock => Dialect.Table(names.Lock);

    /// <summary>Raises the epoch. Creates the ledger where it is missing.</summary>
    public async Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, bool hasLedger, CancellationToken cancellationToken)
    {
        if (!hasLedger)
            await CreateAsync(cancellationToken);
        for (var tries = 1; ; tries++)
        {
            var (state, _) = await _ledger.ReadStateAsync(readsTarget: false, cancellationToken);
            if (state is null)
                await InsertAsync(cancellationToken);
            else if (await RaiseAsync(state.Epoch, holder, mode, cancellationToken))
                return new LedgerClaim(state, state.Epoch + 1);
            if (tries == MaxTries)
                throw CommitErrors.AlreadyRunning(target, state?.Holder);
        }
    }

    /// <summary>
    /// Retires what the feed has loaded into the table, or deletes the records and drops the table. Raises the epoch: a run in progress is fenced.
    /// The statements take feed and table from the state's row.
    /// </summary>
    public async Task ResetAsync(bool dropTable, CancellationToken cancellationToken)
    {
        List<NamedStatement> script = [.. engine.Parts.Syntax.Lock([Lock])];
        foreach (var table in (string[])[Dialect.Table(WarehouseNames.Loads), Dialect.Table(WarehouseNames.Files)])
        {
            var mine = $"{table}.feed_id = k.feed_id AND {table}.table_name = k.table_name";
            script.Add(dropTable
                ? new("delete the records", $"DELETE FROM {table} USING {Lock} k WHERE {mine}")
                : new("retire the records", $"UPDATE {table} SET retired = k.sequence FROM {Lock} k WHERE {mine} AND {table}.retired = 0"));
        }
        script.Add(new("reset the state", dropTable
            ? $"UPDATE {Lock} SET {SqlLedger.Forgotten}, retired_schema_json = NULL"
            : $"""
            UPDATE {Lock} SET epoch = epoch + 1, retired_schema_json = COALESCE(schema_json, retired_schema_json), schema_json = NULL,
                signature = NULL
            """));
        var dropsWithin = engine.Parts.Syntax.DefinesInTransactions;
        if (dropTable && dropsWithin)
            script.Add(new("drop the table", $"DROP TABLE IF EXISTS {Dialect.Table(target.Table)}"));
        await Channel.RunAsync(new(script), cancellationToken);
        // Until the table is gone, the next load refuses it, because it has rows that nobody has recorded.
        if (dropTable && !dropsWithin)
            await engine.DropAsync(target.Table, cancellationToken);
    }

    private IReadOnlyList<(string Name, string Value)> Values(RunHolder holder, LoadMode mode) =>
    [
        ("feed", SqlCommands.Text(target.FeedId)), ("table", Dialect.LedgerName(target.Table)), ("mode", mode.ToString()),
        ("run", SqlCommands.Text(holder.RunId)), ("host", holder.Host), ("process", Number(holder.ProcessId)), ("at", SqlCommands.Text(holder.Since)),
    ];

    // Another run may create the tables at the same time: then one of the two is refused, IF NOT EXISTS or not. A run of another feed has created
    // only the tables that feeds share: then the next try creates the rest.
    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        for (var before = 0; ;)
        {
            try
            {
                await CreateLedgerAsync(cancellationToken);
                return;
            }
            catch (StatementRefusedException)
            {
                var found = (await engine.Catalog.ReadAsync(names.Ledger, cancellationToken)).Count;
                if (found == names.Ledger.Count)
                    return;
                if (found == before)
                    throw;
                before = found;
            }
        }
    }

    private async Task CreateLedgerAsync(CancellationToken cancellationToken)
    {
        var statements = engine.Parts.Syntax.CreateLedger(Dialect, names);
        if (engine.Parts.Syntax.DefinesInTransactions)
        {
            await Channel.RunAsync(new(statements), cancellationToken);
            return;
        }
        foreach (var statement in statements)
            await Channel.ExecuteAsync(new(statement.Sql), cancellationToken);
        // Where a role sees only its own tables, IF NOT EXISTS may mean a table of another one.
        var found = await engine.Catalog.ReadAsync(names.Ledger, cancellationToken);
        if (names.Ledger.FirstOrDefault(n => !found.ContainsKey(Dialect.Fold(n))) is { } hidden)
            throw TableErrors.TableHidden(target, Dialect.Fold(hidden));
    }

    // A run that reads an epoch and another one that raises it at the same time: one of them changes no row, or is refused.
    private async Task<bool> RaiseAsync(long epoch, RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
    {
        var update = new WarehouseStatement(
            $"""
            UPDATE {Lock} SET epoch = epoch + 1, feed_id = :feed, table_name = :table, load_type = :mode, run_id = :run, host = :host,
                process_id = CAST(:process AS BIGINT), claimed_at = :at
            WHERE epoch = CAST(:epoch AS BIGINT)
            """,
            [("epoch", Number(epoch)), .. Values(holder, mode)]);
        try
        {
            if (await Channel.ExecuteAsync(update, cancellationToken) == 0)
                return false;
            var now = (await _ledger.ReadStateAsync(readsTarget: false, cancellationToken)).State;
            if (now?.Epoch == epoch)
                throw LedgerErrors.ChangeNotKept(target);
            return now?.Epoch == epoch + 1 && now.Holder?.RunId == holder.RunId;
        }
        catch (StatementRefusedException e) when (e.Refusal == StatementRefusal.Conflict)
        {
            return false;
        }
    }

    // Under the lock, so that there is one row only.
    private Task InsertAsync(CancellationToken cancellationToken)
    {
        var insert = $"INSERT INTO {Lock} ({LedgerTables.StateNames}) SELECT {LedgerTables.FirstState} WHERE NOT EXISTS (SELECT 1 FROM {Lock})";
        return Channel.RunAsync(new([.. engine.Parts.Syntax.Lock([Lock]), new("insert the state", insert)]), cancellationToken);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
