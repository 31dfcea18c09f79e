using System.Data.Common;
using PeakS3Feed.Destinations.Loading;
using static PeakS3Feed.Destinations.Sql.SqlCommands;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>
/// The ledger in a SQL database: three tables beside the data. peaks3feed_lock has a row for each feed and table (epoch, sequence,
/// schema, holder), peaks3feed_load one for each committed load, peaks3feed_file one for each object version that a load brought. All values
/// are text or bigint, so that every database stores them alike. This part has the tables and the lock row.
/// </summary>
internal sealed partial class SqlLedger
{
    /// <summary>The table of lock rows. The ledger exists when this table does.</summary>
    public const string LockTable = "peaks3feed_lock";

    /// <summary>The table with a row for each load.</summary>
    public const string LoadTable = "peaks3feed_load";

    /// <summary>The table with a row for each loaded object version.</summary>
    public const string FileTable = "peaks3feed_file";

    /// <summary>The assignments that reset a lock row. The epoch rises, which fences runs in progress.</summary>
    public const string Forgotten = "epoch = epoch + 1, sequence = 0, schema_json = NULL, signature = NULL";

    // The version of a lock row whose loads all count.
    private const int FormatVersion = 1;

    // The version of a lock row with retired loads: programs that do not know the column would count them.
    private const int RetiringVersion = 2;

    // The column of lock rows that tables of format version 1 lack.
    private const string RetiredSchemaColumn = "retired_schema_json";

    // The column of loads and files that names the reset which retired them: the feed's number of loads at that time. 0 while they count.
    private const string RetiredColumn = "retired";
    private const string RetiredDefinition = RetiredColumn + " bigint DEFAULT 0 NOT NULL";

    // The condition for the rows of this feed and table.
    private const string Mine = "feed_id = @feed AND table_name = @table";

    // The id of the run that loaded a row of the target, as text: PostgreSQL has a type of its own for it.
    private static readonly string RunOfRow = $"CAST({SqlIdentifier.Quote(AuditColumn.RequestId.Name)} AS text)";

    private readonly SqlCommands _commands;
    private readonly Func<string, CancellationToken, Task<bool>> _tableExists;
    private bool _exists;

    // Whether the tables have the columns for retired loads. Tables of older versions get them with the first reset.
    private bool _hasRetired;

    /// <param name="commands">Commands on an open connection.</param>
    /// <param name="tableExists">Returns whether a table exists.</param>
    public SqlLedger(SqlCommands commands, Func<string, CancellationToken, Task<bool>> tableExists)
    {
        _commands = commands;
        _tableExists = tableExists;
        Lock = commands.Dialect.Table(LockTable);
        Load = commands.Dialect.Table(LoadTable);
        File = commands.Dialect.Table(FileTable);
    }

    private string Lock { get; }

    private string Load { get; }

    private string File { get; }

    // The condition for loads and files that count; begins with AND.
    private string Live => _hasRetired ? $" AND {RetiredColumn} = 0" : "";

    /// <summary>Returns whether the ledger's tables exist. Queries the database until they do.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        if (!_exists && !(_exists = await _tableExists(LockTable, cancellationToken)))
            return false;
        if (!_hasRetired)
        {
            await using var command = _commands.Create(_commands.Dialect.HasColumn(LockTable, RetiredSchemaColumn));
            _hasRetired = (await _commands.QueryAsync(command, r => r.GetInt64(0), cancellationToken)).Single() > 0;
        }
        return true;
    }

    /// <summary>Creates the tables where they are missing.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        var key = _commands.Dialect.KeyType;
        await _commands.ExecuteAsync(
            $"""
            CREATE TABLE IF NOT EXISTS {Lock} (
                feed_id {key} NOT NULL, table_name {key} NOT NULL, format_version bigint NOT NULL,
                epoch bigint NOT NULL, sequence bigint NOT NULL, load_type {key} NOT NULL, schema_json {key}, signature {key},
                run_id {key} NOT NULL, host {key} NOT NULL, process_id bigint NOT NULL, claimed_at {key} NOT NULL,
                {RetiredSchemaColumn} {key},
                PRIMARY KEY (feed_id, table_name))
            """, cancellationToken);
        await _commands.ExecuteAsync(
            $"""
            CREATE TABLE IF NOT EXISTS {Load} (
                feed_id {key} NOT NULL, table_name {key} NOT NULL, sequence bigint NOT NULL, load_id {key} NOT NULL, run_id {key} NOT NULL,
                mode {key} NOT NULL, row_count bigint NOT NULL, object_count bigint NOT NULL, byte_count bigint NOT NULL, committed_at {key} NOT NULL,
                audited bigint NOT NULL, {RetiredDefinition},
                PRIMARY KEY (feed_id, table_name, sequence))
            """, cancellationToken);
        await _commands.ExecuteAsync(
            $"""
            CREATE TABLE IF NOT EXISTS {File} (
                feed_id {key} NOT NULL, table_name {key} NOT NULL, bucket {key} NOT NULL, object_key {key} NOT NULL, generation bigint NOT NULL,
                etag {key} NOT NULL, size bigint NOT NULL, load_id {key} NOT NULL, {RetiredDefinition},
                PRIMARY KEY (feed_id, table_name, bucket, object_key, generation))
            """, cancellationToken);
        await ExistsAsync(cancellationToken);
    }

    /// <summary>Reads the lock row, or null. Inside a transaction, <paramref name="forUpdate"/> locks it.</summary>
    public async Task<LedgerState?> ReadStateAsync(bool forUpdate, CancellationToken cancellationToken)
    {
        await using var command = _commands.Create(
            $"""
            SELECT format_version, epoch, sequence, load_type, schema_json, signature, run_id, host, process_id, claimed_at
            FROM {Lock} WHERE {Mine}{(forUpdate ? _commands.Dialect.ForUpdate : "")}
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
            Takeover = table.HasRows && state is not { HasLoaded: true } ? await FindTakeoverAsync(table, state, cancellationToken) : null,
        };
    }

    /// <summary>Raises the epoch, inside a transaction. Returns the state before and the new epoch.</summary>
    public async Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
    {
        await using (var insert = _commands.Create(
            $"""
            INSERT INTO {Lock} (feed_id, table_name, format_version, epoch, sequence, load_type, run_id, host, process_id, claimed_at)
            SELECT @feed, @table, {FormatVersion}, 0, 0, @mode, @run, @host, @process, @at
            WHERE NOT EXISTS (SELECT 1 FROM {Lock} WHERE {Mine})
            """))
        {
            AddHolder(insert, holder, mode);
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        var state = await ReadStateAsync(forUpdate: true, cancellationToken);
        await using var update = _commands.Create(
            $"""
            UPDATE {Lock} SET epoch = epoch + 1, load_type = @mode, run_id = @run, host = @host, process_id = @process, claimed_at = @at
            WHERE {Mine}
            """);
        AddHolder(update, holder, mode);
        await update.ExecuteNonQueryAsync(cancellationToken);
        return new LedgerClaim(state, state!.Epoch + 1);
    }

    /// <summary>
    /// Retires what this feed has loaded into the table, or deletes the records where the table is dropped. Raises the epoch: a run in progress
    /// stays fenced.
    /// </summary>
    public async Task ResetAsync(bool forget, CancellationToken cancellationToken)
    {
        if (forget)
        {
            await DeleteFilesAsync(cancellationToken);
            await _commands.ExecuteAsync($"DELETE FROM {Load} WHERE {Mine}", cancellationToken);
            var retired = _hasRetired ? $", {RetiredSchemaColumn} = NULL" : "";
            await _commands.ExecuteAsync($"UPDATE {Lock} SET {Forgotten}, format_version = {FormatVersion}{retired} WHERE {Mine}", cancellationToken);
            return;
        }
        if (await ReadStateAsync(forUpdate: true, cancellationToken) is not { HasLoaded: true } state)
        {
            await _commands.ExecuteAsync($"UPDATE {Lock} SET epoch = epoch + 1 WHERE {Mine}", cancellationToken);
            return;
        }
        await MigrateAsync(cancellationToken);
        foreach (var table in (string[])[Load, File])
        {
            await using var command = _commands.Create($"UPDATE {table} SET {RetiredColumn} = @reset WHERE {Mine}{Live}");
            Add(command, "reset", state.Sequence);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await _commands.ExecuteAsync(
            $"""
            UPDATE {Lock} SET epoch = epoch + 1, {RetiredSchemaColumn} = schema_json, schema_json = NULL, signature = NULL,
                format_version = {RetiringVersion} WHERE {Mine}
            """, cancellationToken);
    }

    // Adds the columns that tables of an older version lack. Only when they are needed, because ALTER TABLE requires more permissions than a
    // load.
    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (_hasRetired)
            return;
        await _commands.ExecuteAsync(
            $"ALTER TABLE {Lock} ADD COLUMN {RetiredSchemaColumn} {_commands.Dialect.KeyType}", cancellationToken);
        await _commands.ExecuteAsync($"ALTER TABLE {Load} ADD COLUMN {RetiredDefinition}", cancellationToken);
        await _commands.ExecuteAsync($"ALTER TABLE {File} ADD COLUMN {RetiredDefinition}", cancellationToken);
        _hasRetired = true;
    }

    // The modes of the other feeds that have loaded into the table.
    private async Task<Dictionary<Guid, string>> ReadOtherFeedsAsync(CancellationToken cancellationToken)
    {
        await using var command = _commands.Create(
            $"""
            SELECT feed_id, load_type FROM {Lock}
            WHERE table_name = @table AND feed_id <> @feed AND sequence > 0 AND schema_json IS NOT NULL
            """);
        var others = await _commands.QueryAsync(command, r => (Feed: Row(LockTable, r).Id(0), Mode: Row(LockTable, r).Text(1)), cancellationToken);
        return others.ToDictionary(o => o.Feed, o => o.Mode);
    }

    private LedgerState State(DbDataReader reader)
    {
        var row = Row(LockTable, reader);
        if (row.Number(0) > RetiringVersion)
            throw LedgerErrors.TooNew(_commands.Target, row.Number(0));
        var holder = new RunHolder(row.Id(6), row.Text(7), (int)row.Number(8), row.Time(9));
        return new LedgerState(row.Number(1), row.Number(2), row.Text(3), row.Schema(4), row.TextOrNull(5), holder);
    }

    private LedgerRow Row(string table, DbDataReader reader) => new(_commands.Target, table, reader);

    private static void AddHolder(DbCommand command, RunHolder holder, LoadMode mode)
    {
        Add(command, "mode", mode.ToString());
        Add(command, "run", Text(holder.RunId));
        Add(command, "host", holder.Host);
        Add(command, "process", (long)holder.ProcessId);
        Add(command, "at", Text(holder.Since));
    }
}
