using System.Data.Common;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;
using static PeakS3Feed.Destinations.Sql.SqlCommands;

namespace PeakS3Feed.Destinations.Sql;

/// <content>Loads.</content>
internal sealed partial class SqlLedger
{
    /// <summary>Returns the load with that id, or null.</summary>
    public async Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken)
    {
        await using var command = LoadCommand("load_id = @id");
        Add(command, "id", loadId);
        return (await _commands.QueryAsync(command, LoadOf, cancellationToken)).FirstOrDefault();
    }

    /// <summary>Counts the ledger's records of this feed and table at one moment; null if there is no ledger.</summary>
    public async Task<LedgerCounts?> CountAsync(CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
            return null;

        // A reset does not restart the numbers of loads, and retired loads keep theirs. A load that replaces the table deletes the records of all
        // earlier objects.
        await using var command = _commands.Create(
            $"""
            SELECT
                (SELECT count(*) FROM {Load} WHERE {Mine}),
                (SELECT CAST(coalesce(sum(object_count), 0) AS bigint) FROM {Load} WHERE {Mine}{Live} AND sequence >=
                    (SELECT coalesce(max(sequence), 0) FROM {Load} WHERE {Mine}{Live} AND mode = 'Replace')),
                (SELECT count(*) FROM {File} WHERE {Mine}{Live}),
                (SELECT mode FROM {Load} WHERE {Mine} AND audited = 1 AND sequence = (SELECT max(sequence) FROM {Load} WHERE {Mine}))
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
        LoadRecord load, bool audited, FeedSchema schema, string? signature, IAsyncEnumerable<SourceObject> files,
        CancellationToken cancellationToken)
    {
        if (load.Mode == LoadMode.Replace)
            await DeleteFilesAsync(cancellationToken);
        await using (var insert = _commands.Create(
            $"""
            INSERT INTO {Load}
                (feed_id, table_name, sequence, load_id, run_id, mode, row_count, object_count, byte_count, committed_at, audited)
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
        await InsertFilesAsync(load, files, cancellationToken);
        await using var update = _commands.Create(
            $"UPDATE {Lock} SET sequence = @sequence, schema_json = @schema, signature = @signature WHERE {Mine}");
        Add(update, "sequence", load.Sequence);
        Add(update, "schema", SchemaJson.Write(schema));
        Add(update, "signature", signature);
        await update.ExecuteNonQueryAsync(cancellationToken);
    }

    private DbCommand LoadCommand(string condition) => _commands.Create(
        $"""
        SELECT load_id, sequence, run_id, mode, row_count, object_count, byte_count, committed_at
        FROM {Load} WHERE {Mine} AND {condition} ORDER BY sequence
        """);

    private LoadRecord LoadOf(DbDataReader reader)
    {
        var row = Row(LoadTable, reader);
        return new(row.Text(0), row.Number(1), row.Id(2), row.OneOf<LoadMode>(3), row.Number(4), row.Number(5), row.Number(6), row.Time(7));
    }

    private static LedgerCounts Counts(DbDataReader row)
    {
        LoadMode? audited = !row.IsDBNull(3) && Enum.TryParse<LoadMode>(row.GetString(3), out var mode) ? mode : null;
        return new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), audited);
    }
}
