using System.Data.Common;
using System.Runtime.CompilerServices;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;
using static PeakS3Feed.Destinations.Sql.LedgerCommands;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>
/// The ledger in a SQL database: three tables beside the data. peaks3feed_lock has a row for each feed and table (epoch, sequence,
/// schema, holder), peaks3feed_load one for each committed load, peaks3feed_file one for each object version that a load brought.
/// </summary>
internal sealed class SqlLedger
{
    private readonly LedgerCommands _commands;
    private readonly Func<string, CancellationToken, Task<bool>> _tableExists;
    private bool _exists;

    /// <param name="commands">Commands on an open connection.</param>
    /// <param name="tableExists">Returns whether a table exists.</param>
    public SqlLedger(LedgerCommands commands, Func<string, CancellationToken, Task<bool>> tableExists)
    {
        _commands = commands;
        _tableExists = tableExists;
        Files = new LedgerFiles(_commands);
        Takeovers = new LedgerTakeovers(_commands);
    }

    /// <summary>Loads that the feed can take over.</summary>
    public LedgerTakeovers Takeovers { get; }

    /// <summary>The object versions.</summary>
    public LedgerFiles Files { get; }

    /// <summary>Returns whether the ledger's tables exist. Queries the database until they do.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        if (!_exists && !(_exists = await _tableExists(LockTable, cancellationToken)))
            return false;
        if (!_commands.HasRetired)
        {
            await using var command = Command(_commands.Dialect.HasColumn(LockTable, RetiredSchemaColumn));
            _commands.HasRetired = (await _commands.QueryAsync(command, r => r.GetInt64(0), cancellationToken)).Single() > 0;
        }
        return true;
    }

    /// <summary>Creates the tables where they are missing.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await LedgerTables.CreateAsync(_commands, cancellationToken);
        await ExistsAsync(cancellationToken);
    }

    /// <summary>Creates a command that may use @feed and @table.</summary>
    public DbCommand Command(string sql) => _commands.Command(sql);

    /// <summary>Runs a statement that may use @feed and @table.</summary>
    public Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken) => _commands.ExecuteAsync(sql, cancellationToken);

    /// <summary>Reads the lock row, or null. Inside a transaction, <paramref name="forUpdate"/> locks it.</summary>
    public async Task<LedgerState?> ReadStateAsync(bool forUpdate, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
            SELECT format_version, epoch, sequence, load_type, schema_json, signature, run_id, host, process_id, claimed_at
            FROM {_commands.Lock} WHERE {Mine}{(forUpdate ? _commands.Dialect.ForUpdate : "")}
            """);
        return (await _commands.QueryAsync(command, State, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Adds what the ledger says to what was read of the table.</summary>
    public async Task<TableSnapshot> DescribeAsync(TableSnapshot table, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
            return table;
        var state = await ReadStateAsync(forUpdate: false, cancellationToken);
        return table with
        {
            Ledger = state,
            OtherFeeds = await ReadOtherFeedsAsync(cancellationToken),
            Takeover = table.HasRows && state is not { HasLoaded: true } ? await Takeovers.FindAsync(table, state, cancellationToken) : null,
        };
    }

    /// <summary>Streams the newest generation of each key of a bucket, ordered by the keys' bytes.</summary>
    public async IAsyncEnumerable<LedgerEntry> ReadEntriesAsync(
        string bucket, LedgerTakeover? takeover, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
            yield break;
        await foreach (var entry in Files.ReadEntriesAsync(bucket, takeover, cancellationToken))
            yield return entry;
    }

    /// <summary>Counts the rows of the target table.</summary>
    public async Task<long> CountRowsAsync(CancellationToken cancellationToken)
    {
        await using var command = Command($"SELECT count(*) FROM {_commands.Dialect.Table(_commands.Target.Table)}");
        return (await _commands.QueryAsync(command, r => r.GetInt64(0), cancellationToken)).Single();
    }

    /// <summary>Streams the names of a bucket's objects whose rows are in the table, without those that other feeds count as theirs.</summary>
    public async IAsyncEnumerable<string> ReadLoadedFilesAsync(string bucket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in Takeovers.ReadLoadedFilesAsync(await ExistsAsync(cancellationToken), bucket, cancellationToken))
            yield return name;
    }

    /// <summary>Raises the epoch, inside a transaction. Returns the state before and the new epoch.</summary>
    public async Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
    {
        await using (var insert = Command(
            $"""
            INSERT INTO {_commands.Lock} (feed_id, table_name, format_version, epoch, sequence, load_type, run_id, host, process_id, claimed_at)
            SELECT @feed, @table, {LedgerTables.FormatVersion}, 0, 0, @mode, @run, @host, @process, @at
            WHERE NOT EXISTS (SELECT 1 FROM {_commands.Lock} WHERE {Mine})
            """))
        {
            AddHolder(insert, holder, mode);
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        var state = await ReadStateAsync(forUpdate: true, cancellationToken);
        await using var update = Command(
            $"""
            UPDATE {_commands.Lock} SET epoch = epoch + 1, load_type = @mode, run_id = @run, host = @host, process_id = @process, claimed_at = @at
            WHERE {Mine}
            """);
        AddHolder(update, holder, mode);
        await update.ExecuteNonQueryAsync(cancellationToken);
        return new LedgerClaim(state, state!.Epoch + 1);
    }

    /// <summary>Returns the load with that id, or null.</summary>
    public async Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken)
    {
        await using var command = LoadCommand("load_id = @id");
        Add(command, "id", loadId);
        return (await _commands.QueryAsync(command, LoadOf, cancellationToken)).FirstOrDefault();
    }

    /// <summary>Counts the ledger's records of this feed and table at one moment; null where there is no ledger.</summary>
    public async Task<LedgerCounts?> CountAsync(CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
            return null;

        // A reset does not restart the numbers of loads, and retired loads keep theirs. A load that replaces the table deletes the records of all
        // earlier objects.
        await using var command = Command(
            $"""
            SELECT
                (SELECT count(*) FROM {_commands.Load} WHERE {Mine}),
                (SELECT CAST(coalesce(sum(object_count), 0) AS bigint) FROM {_commands.Load} WHERE {Mine}{_commands.Live} AND sequence >=
                    (SELECT coalesce(max(sequence), 0) FROM {_commands.Load} WHERE {Mine}{_commands.Live} AND mode = 'Replace')),
                (SELECT count(*) FROM {_commands.File} WHERE {Mine}{_commands.Live}),
                (SELECT mode FROM {_commands.Load} WHERE {Mine} AND audited = 1 AND sequence = (SELECT max(sequence) FROM {_commands.Load} WHERE {Mine}))
            """);
        return (await _commands.QueryAsync(command, Counts, cancellationToken)).Single();
    }

    /// <summary>Returns the loads of a run.</summary>
    public async Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
            return [];
        await using var command = LoadCommand("run_id = @run");
        Add(command, "run", Text(runId));
        return await _commands.QueryAsync(command, LoadOf, cancellationToken);
    }

    /// <summary>
    /// Writes a load, its files and the lock row, inside the load's transaction. Only the rows of an <paramref name="audited"/> load,
    /// which have values in the audit columns, can be found again.
    /// </summary>
    public async Task RecordAsync(
        LoadRecord load, bool audited, FeedSchema schema, string? signature, IAsyncEnumerable<SourceObject> files, CancellationToken cancellationToken)
    {
        if (load.Mode == LoadMode.Replace)
            await Files.DeleteAsync(cancellationToken);
        await using (var insert = Command(
            $"""
            INSERT INTO {_commands.Load} (feed_id, table_name, sequence, load_id, run_id, mode, row_count, object_count, byte_count, committed_at, audited)
            VALUES (@feed, @table, @sequence, @id, @run, @mode, @rows, @objects, @bytes, @at, @audited)
            """))
        {
            Add(insert, "sequence", load.Sequence);
            Add(insert, "id", load.LoadId);
            Add(insert, "run", Text(load.RunId));
            Add(insert, "mode", load.Mode.ToString());
            Add(insert, "rows", load.Rows);
            Add(insert, "objects", load.Objects);
            Add(insert, "bytes", load.Bytes);
            Add(insert, "at", Text(load.CommittedAt));
            Add(insert, "audited", audited ? 1L : 0L);
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        await Files.InsertAsync(load, files, cancellationToken);
        await using var update = Command(
            $"UPDATE {_commands.Lock} SET sequence = @sequence, schema_json = @schema, signature = @signature WHERE {Mine}");
        Add(update, "sequence", load.Sequence);
        Add(update, "schema", SchemaJson.Write(schema));
        Add(update, "signature", signature);
        await update.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Retires what this feed has loaded into the table, or deletes the records where the table is dropped. Raises the epoch: a run in progress
    /// stays fenced.
    /// </summary>
    public async Task ResetAsync(bool forget, CancellationToken cancellationToken)
    {
        if (forget)
        {
            await Files.DeleteAsync(cancellationToken);
            await ExecuteAsync($"DELETE FROM {_commands.Load} WHERE {Mine}", cancellationToken);
            var retired = _commands.HasRetired ? $", {RetiredSchemaColumn} = NULL" : "";
            await ExecuteAsync($"UPDATE {_commands.Lock} SET {Forgotten}, format_version = {LedgerTables.FormatVersion}{retired} WHERE {Mine}", cancellationToken);
            return;
        }
        if (await ReadStateAsync(forUpdate: true, cancellationToken) is not { HasLoaded: true } state)
        {
            await ExecuteAsync($"UPDATE {_commands.Lock} SET epoch = epoch + 1 WHERE {Mine}", cancellationToken);
            return;
        }
        await LedgerTables.MigrateAsync(_commands, cancellationToken);
        foreach (var table in (string[])[_commands.Load, _commands.File])
        {
            await using var command = Command($"UPDATE {table} SET {RetiredColumn} = @reset WHERE {Mine}{_commands.Live}");
            Add(command, "reset", state.Sequence);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await ExecuteAsync(
            $"""
            UPDATE {_commands.Lock} SET epoch = epoch + 1, {RetiredSchemaColumn} = schema_json, schema_json = NULL, signature = NULL,
                format_version = {LedgerTables.RetiringVersion} WHERE {Mine}
            """, cancellationToken);
    }

    private DbCommand LoadCommand(string condition) => Command(
        $"""
        SELECT load_id, sequence, run_id, mode, row_count, object_count, byte_count, committed_at
        FROM {_commands.Load} WHERE {Mine} AND {condition} ORDER BY sequence
        """);

    // The modes of the other feeds that have loaded into the table.
    private async Task<Dictionary<Guid, string>> ReadOtherFeedsAsync(CancellationToken cancellationToken)
    {
        await using var command = Command($"SELECT feed_id, load_type FROM {_commands.Lock} WHERE table_name = @table AND feed_id <> @feed AND sequence > 0 AND schema_json IS NOT NULL");
        var others = await _commands.QueryAsync(command, r => (Feed: Row(LockTable, r).Id(0), Mode: Row(LockTable, r).Text(1)), cancellationToken);
        return others.ToDictionary(o => o.Feed, o => o.Mode);
    }

    private LedgerState State(DbDataReader reader)
    {
        var row = Row(LockTable, reader);
        if (row.Number(0) > LedgerTables.RetiringVersion)
            throw DestinationErrors.LedgerTooNew(_commands.Target, row.Number(0));
        var holder = new RunHolder(row.Id(6), row.Text(7), (int)row.Number(8), row.Time(9));
        return new LedgerState(row.Number(1), row.Number(2), row.Text(3), row.Schema(4), row.TextOrNull(5), holder);
    }

    private LoadRecord LoadOf(DbDataReader reader)
    {
        var row = Row(LoadTable, reader);
        return new(row.Text(0), row.Number(1), row.Id(2), row.OneOf<LoadMode>(3), row.Number(4), row.Number(5), row.Number(6), row.Time(7));
    }

    private LedgerRow Row(string table, DbDataReader reader) => new(_commands.Target, table, reader);

    private static LedgerCounts Counts(DbDataReader row)
        => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) || !Enum.TryParse<LoadMode>(row.GetString(3), out var mode) ? null : mode);

    private static void AddHolder(DbCommand command, RunHolder holder, LoadMode mode)
    {
        Add(command, "mode", mode.ToString());
        Add(command, "run", Text(holder.RunId));
        Add(command, "host", holder.Host);
        Add(command, "process", (long)holder.ProcessId);
        Add(command, "at", Text(holder.Since));
    }
}
