using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>
/// The ledger in a SQL database: three tables beside the data. peaks3feed_lock has a row for each feed and table (epoch, sequence,
/// schema, holder), peaks3feed_load one for each committed load, peaks3feed_file one for each object version that a load brought.
/// Its generation is the load's sequence, so that versions A, B, A of one key are three loads. All values are text or bigint:
/// what a run wrote on one kind of database reads the same on another.
/// </summary>
public sealed class SqlLedger
{
    /// <summary>The version of the tables' format.</summary>
    public const int FormatVersion = 1;

    private const int RowsPerInsert = 500;
    private readonly DbConnection _connection;
    private readonly SqlDialect _dialect;
    private readonly LoadTarget _target;
    private readonly string _lock;
    private readonly string _load;
    private readonly string _file;

    /// <summary>Works on an open connection.</summary>
    public SqlLedger(DbConnection connection, SqlDialect dialect, LoadTarget target)
    {
        _connection = connection;
        _dialect = dialect;
        _target = target;
        _lock = dialect.Table(LockTable);
        _load = dialect.Table("peaks3feed_load");
        _file = dialect.Table("peaks3feed_file");
    }

    /// <summary>The table whose presence says that there is a ledger.</summary>
    public static string LockTable => "peaks3feed_lock";

    /// <summary>Makes the tables where they are missing.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        var key = _dialect.KeyType;
        await ExecuteAsync(
            $"""
            CREATE TABLE IF NOT EXISTS {_lock} (
                feed_id {key} NOT NULL, table_name {key} NOT NULL, format_version bigint NOT NULL,
                epoch bigint NOT NULL, sequence bigint NOT NULL, load_type {key} NOT NULL, schema_json {key}, signature {key},
                run_id {key} NOT NULL, host {key} NOT NULL, process_id bigint NOT NULL, claimed_at {key} NOT NULL,
                PRIMARY KEY (feed_id, table_name))
            """, cancellationToken);
        await ExecuteAsync(
            $"""
            CREATE TABLE IF NOT EXISTS {_load} (
                feed_id {key} NOT NULL, table_name {key} NOT NULL, sequence bigint NOT NULL, load_id {key} NOT NULL, run_id {key} NOT NULL,
                mode {key} NOT NULL, row_count bigint NOT NULL, object_count bigint NOT NULL, byte_count bigint NOT NULL, committed_at {key} NOT NULL,
                PRIMARY KEY (feed_id, table_name, sequence))
            """, cancellationToken);
        await ExecuteAsync(
            $"""
            CREATE TABLE IF NOT EXISTS {_file} (
                feed_id {key} NOT NULL, table_name {key} NOT NULL, bucket {key} NOT NULL, object_key {key} NOT NULL, generation bigint NOT NULL,
                etag {key} NOT NULL, size bigint NOT NULL, load_id {key} NOT NULL,
                PRIMARY KEY (feed_id, table_name, bucket, object_key, generation))
            """, cancellationToken);
    }

    /// <summary>The lock row, or null; inside a transaction <paramref name="forUpdate"/> keeps others off it.</summary>
    public async Task<LedgerState?> ReadStateAsync(bool forUpdate, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
            SELECT format_version, epoch, sequence, load_type, schema_json, signature, run_id, host, process_id, claimed_at
            FROM {_lock} WHERE feed_id = @feed AND table_name = @table{(forUpdate ? _dialect.ForUpdate : "")}
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        if (reader.GetInt64(0) > FormatVersion)
            throw DestinationErrors.LedgerTooNew(_target, reader.GetInt64(0));
        var holder = new RunHolder(Guid.Parse(reader.GetString(6)), reader.GetString(7), (int)reader.GetInt64(8), ParseTime(reader.GetString(9)));
        return new LedgerState(
            reader.GetInt64(1), reader.GetInt64(2), reader.GetString(3),
            reader.IsDBNull(4) ? null : SchemaJson.Read(reader.GetString(4)), reader.IsDBNull(5) ? null : reader.GetString(5), holder);
    }

    /// <summary>The load types of the other feeds that have loaded into the table.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> ReadOtherFeedsAsync(CancellationToken cancellationToken)
    {
        await using var command = Command($"SELECT feed_id, load_type FROM {_lock} WHERE table_name = @table AND feed_id <> @feed AND sequence > 0");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var others = new Dictionary<Guid, string>();
        while (await reader.ReadAsync(cancellationToken))
            others[Guid.Parse(reader.GetString(0))] = reader.GetString(1);
        return others;
    }

    /// <summary>Raises the epoch, inside a transaction; gives the state with the new one.</summary>
    public async Task<LedgerState> ClaimAsync(RunHolder holder, string mode, CancellationToken cancellationToken)
    {
        await using (var insert = Command(
            $"""
            INSERT INTO {_lock} (feed_id, table_name, format_version, epoch, sequence, load_type, run_id, host, process_id, claimed_at)
            SELECT @feed, @table, {FormatVersion}, 0, 0, @mode, @run, @host, @process, @at
            WHERE NOT EXISTS (SELECT 1 FROM {_lock} WHERE feed_id = @feed AND table_name = @table)
            """))
        {
            AddHolder(insert, holder, mode);
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        var state = await ReadStateAsync(forUpdate: true, cancellationToken);
        await using var update = Command(
            $"""
            UPDATE {_lock} SET epoch = epoch + 1, load_type = @mode, run_id = @run, host = @host, process_id = @process, claimed_at = @at
            WHERE feed_id = @feed AND table_name = @table
            """);
        AddHolder(update, holder, mode);
        await update.ExecuteNonQueryAsync(cancellationToken);
        return state! with { Epoch = state.Epoch + 1 };
    }

    /// <summary>Streams the newest generation of each key of a bucket, by the keys' bytes.</summary>
    public async IAsyncEnumerable<LedgerEntry> ReadEntriesAsync(string bucket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
            SELECT object_key, etag, size FROM {_file}
            WHERE feed_id = @feed AND table_name = @table AND bucket = @bucket ORDER BY object_key, generation
            """);
        Add(command, "bucket", bucket);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        LedgerEntry? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var entry = new LedgerEntry(reader.GetString(0), reader.GetString(1), reader.GetInt64(2));
            if (last is { } done && !string.Equals(done.Key, entry.Key, StringComparison.Ordinal))
                yield return done;
            last = entry;
        }
        if (last is { } final)
            yield return final;
    }

    /// <summary>The load of that id, or null.</summary>
    public async Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken)
    {
        await using var command = LoadCommand("load_id = @id");
        Add(command, "id", loadId);
        return (await ReadLoadsAsync(command, cancellationToken)).FirstOrDefault();
    }

    /// <summary>The loads of a run.</summary>
    public async Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var command = LoadCommand("run_id = @run");
        Add(command, "run", Text(runId));
        return await ReadLoadsAsync(command, cancellationToken);
    }

    /// <summary>Writes a load, its files and the lock row's state, inside the load's transaction.</summary>
    public async Task RecordAsync(
        LoadRecord load, FeedSchema schema, string? signature, IAsyncEnumerable<SourceObject> files, CancellationToken cancellationToken)
    {
        if (load.Mode == LoadMode.Replace)
            await ExecuteAsync($"DELETE FROM {_file} WHERE feed_id = @feed AND table_name = @table", cancellationToken);
        await using (var insert = Command(
            $"""
            INSERT INTO {_load} (feed_id, table_name, sequence, load_id, run_id, mode, row_count, object_count, byte_count, committed_at)
            VALUES (@feed, @table, @sequence, @id, @run, @mode, @rows, @objects, @bytes, @at)
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
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        await foreach (var page in files.Chunk(RowsPerInsert).WithCancellation(cancellationToken))
            await InsertFilesAsync(load, page, cancellationToken);
        await using var update = Command(
            $"UPDATE {_lock} SET sequence = @sequence, schema_json = @schema, signature = @signature WHERE feed_id = @feed AND table_name = @table");
        Add(update, "sequence", load.Sequence);
        Add(update, "schema", SchemaJson.Write(schema));
        Add(update, "signature", signature);
        await update.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A condition on <paramref name="row"/> of the target: loaded by this feed from one of the objects in a table of (bucket, object_key).</summary>
    public string LoadedFrom(string row, string objects)
        => $"""
            EXISTS (SELECT 1 FROM {objects} o
                JOIN {_file} f ON f.bucket = o.bucket AND f.object_key = o.object_key
                JOIN {_load} l ON l.feed_id = f.feed_id AND l.table_name = f.table_name AND l.sequence = f.generation
                WHERE f.feed_id = @feed AND f.table_name = @table
                AND {row}.{SqlIdentifier.Quote(AuditColumn.FileName.Name)} = 's3://' || o.bucket || '/' || o.object_key
                AND {row}.{SqlIdentifier.Quote(AuditColumn.RequestId.Name)} = l.run_id)
            """;

    /// <summary>Inserts objects into a table of (bucket, object_key).</summary>
    public async Task InsertObjectsAsync(string table, IAsyncEnumerable<SourceObject> objects, CancellationToken cancellationToken)
    {
        await foreach (var page in objects.Chunk(RowsPerInsert).WithCancellation(cancellationToken))
        {
            await using var command = Command($"INSERT INTO {table} (bucket, object_key) VALUES ", withTarget: false);
            for (var i = 0; i < page.Length; i++)
            {
                command.CommandText += $"{(i > 0 ? ", " : "")}(@b{i}, @k{i})";
                Add(command, $"b{i}", page[i].Bucket);
                Add(command, $"k{i}", page[i].Key);
            }
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Forgets this feed and table, but for the epoch: a run still under way stays fenced.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync($"DELETE FROM {_file} WHERE feed_id = @feed AND table_name = @table", cancellationToken);
        await ExecuteAsync($"DELETE FROM {_load} WHERE feed_id = @feed AND table_name = @table", cancellationToken);
        await ExecuteAsync(
            $"UPDATE {_lock} SET epoch = epoch + 1, sequence = 0, schema_json = NULL, signature = NULL WHERE feed_id = @feed AND table_name = @table",
            cancellationToken);
    }

    /// <summary>A command with the parameters @feed and @table.</summary>
    public DbCommand Command(string sql, bool withTarget = true)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        if (withTarget)
        {
            Add(command, "feed", Text(_target.FeedId));
            Add(command, "table", _target.Table);
        }
        return command;
    }

    /// <summary>Runs a statement that may use @feed and @table.</summary>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, withTarget: sql.Contains("@feed", StringComparison.Ordinal));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task InsertFilesAsync(LoadRecord load, SourceObject[] page, CancellationToken cancellationToken)
    {
        await using var command = Command($"INSERT INTO {_file} (feed_id, table_name, bucket, object_key, generation, etag, size, load_id) VALUES ");
        Add(command, "generation", load.Sequence);
        Add(command, "id", load.LoadId);
        var values = page.Select((_, i) => $"(@feed, @table, @b{i}, @k{i}, @generation, @e{i}, @s{i}, @id)");
        command.CommandText += string.Join(", ", values);
        for (var i = 0; i < page.Length; i++)
        {
            Add(command, $"b{i}", page[i].Bucket);
            Add(command, $"k{i}", page[i].Key);
            Add(command, $"e{i}", page[i].ETag);
            Add(command, $"s{i}", page[i].Size);
        }
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private DbCommand LoadCommand(string condition) => Command(
        $"""
        SELECT load_id, sequence, run_id, mode, row_count, object_count, byte_count, committed_at
        FROM {_load} WHERE feed_id = @feed AND table_name = @table AND {condition} ORDER BY sequence
        """);

    private static async Task<List<LoadRecord>> ReadLoadsAsync(DbCommand command, CancellationToken cancellationToken)
    {
        var loads = new List<LoadRecord>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            loads.Add(new LoadRecord(
                reader.GetString(0), reader.GetInt64(1), Guid.Parse(reader.GetString(2)), Enum.Parse<LoadMode>(reader.GetString(3)),
                reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), ParseTime(reader.GetString(7))));
        }
        return loads;
    }

    private static void AddHolder(DbCommand command, RunHolder holder, string mode)
    {
        Add(command, "mode", mode);
        Add(command, "run", Text(holder.RunId));
        Add(command, "host", holder.Host);
        Add(command, "process", (long)holder.ProcessId);
        Add(command, "at", Text(holder.Since));
    }

    private static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    private static string Text(Guid id) => id.ToString("D");

    private static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset ParseTime(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
