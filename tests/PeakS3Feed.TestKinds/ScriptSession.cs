using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.TestKinds;

internal sealed class ScriptSession(ScriptDestination owner, SqliteConnection connection, LoadTarget target) : IFileSession
{
    private readonly ScriptSql _sql = new(target);

    public IColumnTypes Types => _sql;

    public IReadOnlyList<string> Describe(TableFit fit, LoadSpec spec) => [.. fit.Changes.Select(c => c.ToString()!), "one script"];

    public async Task<TableSnapshot> InspectAsync(CancellationToken cancellationToken)
    {
        await using var moment = await connection.BeginTransactionAsync(cancellationToken);
        var columns = await QueryAsync($"SELECT name, type FROM pragma_table_info($table)", r => new TableColumn(r.GetString(0), r.GetString(1), Required: false), cancellationToken);
        var keys = await QueryAsync(
            "SELECT group_concat(i.name) FROM pragma_index_list($table) l, pragma_index_info(l.name) i WHERE l.\"unique\" GROUP BY l.name",
            r => (IReadOnlySet<string>)r.GetString(0).Split(',').ToHashSet(StringComparer.OrdinalIgnoreCase), cancellationToken);
        return new TableSnapshot
        {
            Exists = columns.Count > 0,
            HasRows = columns.Count > 0 && (await QueryAsync($"SELECT EXISTS (SELECT 1 FROM {ScriptSql.Quote(target.Table)})", r => r.GetInt64(0), cancellationToken))[0] == 1,
            Columns = columns,
            UniqueKeys = keys,
            Ledger = await ReadStateAsync(cancellationToken),
        };
    }

    public async IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(
        string bucket, string from, LedgerTakeover? takeover, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await HasLedgerAsync(cancellationToken))
            yield break;
        var entries = await QueryAsync(
            """
            SELECT object_key, etag, size FROM peaks3feed_file f WHERE feed_id = $feed AND table_name = $table AND bucket = $bucket AND generation =
                (SELECT max(generation) FROM peaks3feed_file n WHERE n.feed_id = $feed AND n.table_name = $table AND n.bucket = $bucket AND n.object_key = f.object_key)
            ORDER BY object_key
            """,
            r => new LedgerEntry(r.GetString(0), r.GetString(1), r.GetInt64(2)), cancellationToken, ("bucket", bucket));
        foreach (var entry in entries)
            yield return entry;
    }

    public async Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken)
        => (await ReadLoadsAsync("load_id = $id", ("id", loadId), cancellationToken)).SingleOrDefault();

    public async Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken)
        => await ReadLoadsAsync("run_id = $run", ("run", runId.ToString("D")), cancellationToken);

    public async Task<long> CountRowsAsync(CancellationToken cancellationToken)
        => (await QueryAsync($"SELECT count(*) FROM {ScriptSql.Quote(target.Table)}", r => r.GetInt64(0), cancellationToken))[0];

    public async IAsyncEnumerable<TableRow> ReadRowsAsync(RowSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (selection.RunId is not null || selection.ObjectUri is not null)
            throw new NotSupportedException("Rows are read without conditions here.");
        string[] columns = [.. (await InspectAsync(cancellationToken)).Columns.Select(c => c.Name)];
        var rows = await QueryAsync(
            $"SELECT * FROM {ScriptSql.Quote(target.Table)} LIMIT $limit", r => columns.Select((_, i) => r.IsDBNull(i) ? null : r.GetValue(i)).ToArray(), cancellationToken,
            ("limit", selection.Limit));
        foreach (var row in rows)
            yield return new(columns, row);
    }

    public async Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
    {
        await ExecuteAsync(ScriptSql.CreateLedger, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await ReadStateAsync(cancellationToken);
        await ExecuteAsync(
            ScriptSql.Claim, cancellationToken, ("mode", mode.ToString()), ("run", holder.RunId.ToString("D")), ("host", holder.Host), ("process", holder.ProcessId),
            ("at", holder.Since.ToString("O", CultureInfo.InvariantCulture)));
        await transaction.CommitAsync(cancellationToken);
        return new LedgerClaim(before, (before?.Epoch ?? 0) + 1);
    }

    public async Task ResetAsync(bool dropTable, CancellationToken cancellationToken)
    {
        foreach (var table in (string[])["peaks3feed_load", "peaks3feed_file"])
            await ExecuteAsync($"DELETE FROM {table} WHERE feed_id = $feed AND table_name = $table", cancellationToken);
        await ExecuteAsync("UPDATE peaks3feed_lock SET epoch = epoch + 1, sequence = 0, schema_json = NULL, signature = NULL WHERE feed_id = $feed AND table_name = $table", cancellationToken);
        if (dropTable)
            await ExecuteAsync($"DROP TABLE IF EXISTS {ScriptSql.Quote(target.Table)}", cancellationToken);
    }

    public async Task<IReadOnlyList<RefusedStagedRow>> CopyAsync(StagedLoad files, LoadOrder order, CancellationToken cancellationToken)
    {
        var (rows, _, _) = ScriptSql.Staging(files.Name);
        var refused = new List<RefusedStagedRow>();
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync($"DROP TABLE IF EXISTS {rows}", cancellationToken);
        var columns = order.Spec.Schema.Columns.Select(c => $"{ScriptSql.Quote(c.Name)} {_sql.TypeName(c)}").Prepend("f TEXT").Prepend("r INTEGER").Prepend("o INTEGER");
        await ExecuteAsync($"CREATE TABLE {rows} ({string.Join(", ", columns)})", cancellationToken);
        var insert = $"INSERT INTO {rows} VALUES ({string.Join(", ", Enumerable.Range(0, order.Spec.Schema.Columns.Count + 3).Select(i => $"$v{i}"))})";
        foreach (var row in files.Parts.SelectMany(PartStage.Read))
        {
            if (row.Values.FirstOrDefault(v => v.Value.ValueKind == JsonValueKind.String && v.Value.GetString()!.Length > owner.MaxText) is { Key: { } column })
                refused.Add(new RefusedStagedRow(row.Ordinal, row.Row, $"{column} is too long"));
            object?[] values = [row.Ordinal, row.Row, row.File, .. order.Spec.Schema.Columns.Select(c => row.Values.TryGetValue(c.Name, out var v) ? Value(v) : null)];
            await ExecuteAsync(insert, cancellationToken, [.. values.Select((v, i) => ($"v{i}", v))]);
        }
        if (refused.Count > 0)
            return refused;
        await owner.AfterCopy(statement => ExecuteAsync(statement, cancellationToken), rows);
        await transaction.CommitAsync(cancellationToken);
        return [];
    }

    public async Task<CommitResult> CommitAsync(StagedLoad files, LoadCommit commit, CancellationToken cancellationToken)
    {
        if (commit.Load is not { } load)
            throw new NotSupportedException("Tables are not adopted here.");
        await StageNamesAsync(files.Name, commit, cancellationToken);
        (string, object?)[] values =
        [
            ("id", load.LoadId), ("epoch", commit.Order.Epoch), ("before", commit.Expected.Ledger?.Sequence ?? 0), ("sequence", load.Sequence), ("rows", load.Rows),
            ("columns", string.Join(',', commit.Expected.Columns.Select(c => $"{c.Name} {c.Type}"))), ("run", load.RunId.ToString("D")), ("mode", load.Mode.ToString()),
            ("objects", load.Objects), ("bytes", load.Bytes), ("at", load.CommittedAt.ToString("O", CultureInfo.InvariantCulture)), ("schema", SchemaJson.Write(commit.Schema)),
            ("signature", commit.Signature),
        ];
        cancellationToken.ThrowIfCancellationRequested();
        commit.Order.Reached(CommitStep.Committing);
        try
        {
            await owner.Send(() => RequestAsync(_sql.Commit(commit, files.Name), values));
            return new CommitResult.Committed(load);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT && e.Message.Contains("CHECK constraint failed: ", StringComparison.Ordinal))
        {
            return await ExplainAsync(e.Message, files, load, cancellationToken);
        }
    }

    public FaultKind Classify(Exception exception) => exception switch
    {
        IOException => FaultKind.Transient,
        SqliteException => FaultKind.Refused,
        _ => FaultKind.Unknown,
    };

    public Exception Translate(Exception exception) => exception;

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    // A request has a session of its own on the server, and ends there whatever becomes of the one who sent it.
    private async Task RequestAsync(string script, (string, object?)[] values)
    {
        await using var request = new SqliteConnection(connection.ConnectionString);
        await request.OpenAsync(CancellationToken.None);
        await using var command = Command(request, script, values);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task<CommitResult> ExplainAsync(string message, StagedLoad files, LoadRecord load, CancellationToken cancellationToken)
    {
        bool Failed(string check) => message.Contains($"failed: {check}", StringComparison.Ordinal);
        if (Failed("load_id"))
            return new CommitResult.Committed(await FindLoadAsync(load.LoadId, cancellationToken));
        if (Failed("row_count"))
            return new CommitResult.CountDiffers((await QueryAsync($"SELECT count(*) FROM {ScriptSql.Staging(files.Name).Rows}", r => r.GetInt64(0), cancellationToken))[0]);
        return Failed("columns") ? new CommitResult.TableChanged() : new CommitResult.Overtaken((await ReadStateAsync(cancellationToken))?.Holder);
    }

    // The objects come in by requests of their own, so that the script does not grow with their number.
    private async Task StageNamesAsync(LoadName name, LoadCommit commit, CancellationToken cancellationToken)
    {
        var (_, files, changed) = ScriptSql.Staging(name);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync($"DROP TABLE IF EXISTS {files}; CREATE TABLE {files} (bucket TEXT, object_key TEXT, etag TEXT, size INTEGER)", cancellationToken);
        await ExecuteAsync($"DROP TABLE IF EXISTS {changed}; CREATE TABLE {changed} (uri TEXT)", cancellationToken);
        await foreach (var file in commit.Files().Select(f => f.Source).WithCancellation(cancellationToken))
            await ExecuteAsync($"INSERT INTO {files} VALUES ($b, $k, $e, $s)", cancellationToken, ("b", file.Bucket), ("k", file.Key), ("e", file.ETag), ("s", file.Size));
        await foreach (var file in (commit.Preparation.Changed?.Invoke() ?? AsyncEnumerable.Empty<SourceObject>()).WithCancellation(cancellationToken))
            await ExecuteAsync($"INSERT INTO {changed} VALUES ($u)", cancellationToken, ("u", file.Uri));
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<bool> HasLedgerAsync(CancellationToken cancellationToken)
        => (await QueryAsync("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'peaks3feed\\_%' ESCAPE '\\'", r => r.GetInt64(0), cancellationToken))[0] >= 3;

    private async Task<LedgerState?> ReadStateAsync(CancellationToken cancellationToken) => !await HasLedgerAsync(cancellationToken) ? null : (await QueryAsync(
        "SELECT epoch, sequence, mode, schema_json, signature, run_id, host, process_id, claimed_at FROM peaks3feed_lock WHERE feed_id = $feed AND table_name = $table",
        r => new LedgerState(
            r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.IsDBNull(3) ? null : SchemaJson.Read(r.GetString(3)), r.IsDBNull(4) ? null : r.GetString(4),
            new RunHolder(Guid.Parse(r.GetString(5)), r.GetString(6), r.GetInt32(7), DateTimeOffset.Parse(r.GetString(8), CultureInfo.InvariantCulture))),
        cancellationToken)).SingleOrDefault();

    private async Task<List<LoadRecord>> ReadLoadsAsync(string condition, (string, object?) value, CancellationToken cancellationToken)
        => !await HasLedgerAsync(cancellationToken) ? [] : await QueryAsync(
            $"""
            SELECT load_id, sequence, run_id, mode, row_count, object_count, byte_count, committed_at FROM peaks3feed_load
            WHERE feed_id = $feed AND table_name = $table AND {condition} ORDER BY sequence
            """,
            r => new LoadRecord(
                r.GetString(0), r.GetInt64(1), Guid.Parse(r.GetString(2)), Enum.Parse<LoadMode>(r.GetString(3)), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6),
                DateTimeOffset.Parse(r.GetString(7), CultureInfo.InvariantCulture)),
            cancellationToken, value);

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => 1L,
        JsonValueKind.False => 0L,
        _ => value.GetString(),
    };

    private async Task<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params (string, object?)[] values)
    {
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params (string, object?)[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private SqliteCommand Command(SqliteConnection on, string sql, (string Name, object? Value)[] values)
    {
        var command = on.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values.Append(("feed", target.FeedId.ToString("D"))).Append(("table", target.Table)))
        {
            if (sql.Contains('$' + name, StringComparison.Ordinal))
                command.Parameters.AddWithValue('$' + name, value ?? DBNull.Value);
        }
        return command;
    }
}
