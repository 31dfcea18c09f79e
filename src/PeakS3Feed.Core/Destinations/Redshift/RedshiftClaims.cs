using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>Claims a feed and table for a run, and resets them.</summary>
internal sealed class RedshiftClaims(
    IRedshiftChannel channel, RedshiftDialect dialect, RedshiftNames names, LoadTarget target, RedshiftLedger ledger, TimeProvider time)
{
    // Each try that fails has lost to another run.
    private const int MaxTries = 20;

    private string Lock => dialect.Table(names.Lock);

    /// <summary>Raises the epoch. Creates the ledger where it is missing.</summary>
    public async Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, bool hasLedger, CancellationToken cancellationToken)
    {
        if (!hasLedger)
            await CreateAsync(cancellationToken);
        for (var tries = 1; ; tries++)
        {
            var (state, _) = await ledger.ReadStateAsync(readsTarget: false, cancellationToken);
            if (state is null)
                await InsertAsync(holder, mode, cancellationToken);
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
    public Task ResetAsync(bool dropTable, CancellationToken cancellationToken)
    {
        List<NamedStatement> script = [new("lock", $"LOCK {Lock}")];
        foreach (var table in (string[])[dialect.Table(RedshiftNames.Loads), dialect.Table(RedshiftNames.Files)])
        {
            var mine = $"{table}.feed_id = k.feed_id AND {table}.table_name = k.table_name";
            script.Add(dropTable
                ? new("delete the records", $"DELETE FROM {table} USING {Lock} k WHERE {mine}")
                : new("retire the records", $"UPDATE {table} SET retired = k.sequence FROM {Lock} k WHERE {mine} AND {table}.retired = 0"));
        }
        if (dropTable)
        {
            script.Add(new("reset the state", $"UPDATE {Lock} SET {SqlLedger.Forgotten}, retired_schema_json = NULL"));
            script.Add(new("drop the table", $"DROP TABLE IF EXISTS {dialect.Table(target.Table)}"));
        }
        else
        {
            script.Add(new("reset the state", $"""
                UPDATE {Lock} SET epoch = epoch + 1, retired_schema_json = COALESCE(schema_json, retired_schema_json), schema_json = NULL,
                    signature = NULL
                """));
        }
        return channel.RunAsync(new(script), cancellationToken);
    }

    // Another run may create the tables at the same time: then one of the two is refused, IF NOT EXISTS or not. A run of another feed has created
    // only the tables that feeds share: then the next try creates the rest.
    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        for (var before = 0; ;)
        {
            try
            {
                await channel.RunAsync(new(LedgerTables.Create(dialect, names)), cancellationToken);
                return;
            }
            catch (RedshiftStatementException)
            {
                var found = (await new RedshiftCatalog(channel, dialect).ReadAsync(names.Ledger, cancellationToken)).Count;
                if (found == names.Ledger.Count)
                    return;
                if (found == before)
                    throw;
                before = found;
            }
        }
    }

    // A run that reads an epoch and another one that raises it at the same time: one of them changes no row, or is refused.
    private async Task<bool> RaiseAsync(long epoch, RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
    {
        var update = new RedshiftStatement(
            $"""
            UPDATE {Lock} SET epoch = epoch + 1, load_type = :mode, run_id = :run, host = :host, process_id = CAST(:process AS BIGINT),
                claimed_at = :at
            WHERE epoch = CAST(:epoch AS BIGINT)
            """,
            [("epoch", Number(epoch)), .. Values(holder, mode)]);
        try
        {
            return await channel.ExecuteAsync(update, cancellationToken) != 0 && await IsHolderAsync(epoch + 1, holder, cancellationToken);
        }
        catch (RedshiftStatementException e) when (e.Refusal == RedshiftRefusal.Conflict)
        {
            return false;
        }
    }

    private async Task<bool> IsHolderAsync(long epoch, RunHolder holder, CancellationToken cancellationToken)
        => (await ledger.ReadStateAsync(readsTarget: false, cancellationToken)).State is { } now
            && now.Epoch == epoch && now.Holder?.RunId == holder.RunId;

    // The first claim: the row is inserted under the lock, so that there is only one. Its values come from a table of this run, because statements of
    // one transaction have no parameters.
    private async Task InsertAsync(RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
    {
        var claim = dialect.Table(names.StageTable(new LoadName(holder.RunId, 0), 0, "claim", time.GetUtcNow()));
        await channel.ExecuteAsync(new($"""
            CREATE TABLE IF NOT EXISTS {claim} (feed_id VARCHAR(36), table_name {LedgerTables.TableName}, load_type VARCHAR(16), run_id VARCHAR(36),
                host VARCHAR(512), process_id BIGINT, claimed_at VARCHAR(32))
            """), cancellationToken);
        var insert = new RedshiftStatement(
            $"INSERT INTO {claim} VALUES (:feed, :table, :mode, :run, :host, CAST(:process AS BIGINT), :at)",
            [("feed", SqlCommands.Text(target.FeedId)), ("table", dialect.LedgerName(target.Table)), .. Values(holder, mode)]);
        await channel.ExecuteAsync(insert, cancellationToken);
        var script = new RedshiftScript(
        [
            new("lock", $"LOCK {Lock}"),
            new("insert the state", $"""
                INSERT INTO {Lock} (feed_id, table_name, format_version, epoch, sequence, load_type, run_id, host, process_id, claimed_at)
                SELECT DISTINCT feed_id, table_name, {LedgerTables.FormatVersion}, 0, 0, load_type, run_id, host, process_id, claimed_at FROM {claim}
                WHERE NOT EXISTS (SELECT 1 FROM {Lock})
                """),
            new("drop the claim", $"DROP TABLE {claim}"),
        ]);
        await channel.RunAsync(script, cancellationToken);
    }

    private static (string, string)[] Values(RunHolder holder, LoadMode mode) =>
    [
        ("mode", mode.ToString()), ("run", SqlCommands.Text(holder.RunId)), ("host", holder.Host), ("process", Number(holder.ProcessId)),
        ("at", SqlCommands.Text(holder.Since)),
    ];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
