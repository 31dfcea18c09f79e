using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Sources;
using static PeakS3Feed.Destinations.Sql.SqlCommands;

namespace PeakS3Feed.Destinations.Sql;

/// <content>
/// The object versions that a feed has loaded. A version's generation is the number of the load that brought it, so that versions
/// A, B, A of one key are three loads, and the newest generation of a key is what counts.
/// </content>
internal sealed partial class SqlLedger
{
    // A takeover may give generations below 0, and its offset is subtracted from this.
    private const long BeforeAll = long.MinValue / 2;

    private const int PageRows = 2000; // an array for a larger page would land on the large object heap, and each one cost a full garbage collection

    /// <summary>
    /// Streams the newest generation of each key of a bucket, ordered by the keys' bytes. Reads in pages: a listing may take long,
    /// and a reader that stays open keeps the writers of a SQLite file from committing.
    /// </summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="from">The first key; empty for all.</param>
    /// <param name="takeover">Loads whose files are read instead of those that count, or null.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    public async IAsyncEnumerable<LedgerEntry> ReadEntriesAsync(
        string bucket, string from, LedgerTakeover? takeover, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
            yield break;
        LedgerEntry? last = null;
        await foreach (var page in PagesAsync(bucket, from, takeover, cancellationToken).OneAheadAsync(cancellationToken))
        {
            foreach (var (entry, _) in page)
            {
                if (last is { } done && done.Key != entry.Key)
                    yield return done;
                last = entry;
            }
        }
        if (last is { } final)
            yield return final;
    }

    /// <summary>
    /// A condition for the target's rows that this feed loaded from one of the objects in a table of (bucket, object_key). The set of names is
    /// computed once, because a subquery for each row would cost rows times objects. CROSS JOIN makes SQLite join the tables in this order.
    /// </summary>
    public static string LoadedFrom(SqlDialect dialect, string objects)
        => $"""
            ({SqlIdentifier.Quote(AuditColumn.FileName.Name)}, {RunOfRow}) IN (
                SELECT 's3://' || o.bucket || '/' || o.object_key, l.run_id FROM {EarlierLoads(dialect, objects)})
            """;

    /// <summary>
    /// Throws when an earlier version of one of the objects was loaded without audit columns: its rows cannot be identified,
    /// so they would stay in the table beside the new version's rows.
    /// </summary>
    public async Task ThrowIfRowsUnknownAsync(string objects, CancellationToken cancellationToken)
    {
        await using var command = _commands.Create(
            $"""
            SELECT min('s3://' || o.bucket || '/' || o.object_key), count(DISTINCT o.object_key)
            FROM {EarlierLoads(_commands.Dialect, objects)} AND l.audited = 0{(_hasRetired ? $" AND l.{RetiredColumn} = 0" : "")}
            """);
        var (first, count) = (await _commands.QueryAsync(command, r => (r.IsDBNull(0) ? null : r.GetString(0), r.GetInt64(1)), cancellationToken))[0];
        if (first is not null)
            throw TableErrors.EarlierRowsUnknown(_commands.Target, first, count);
    }

    /// <summary>Inserts objects into a table of (bucket, object_key).</summary>
    public Task InsertObjectsAsync(string table, IAsyncEnumerable<SourceObject> objects, CancellationToken cancellationToken)
        => _commands.InsertAsync(table, [], ["bucket", "object_key"], objects, o => [o.Bucket, o.Key], cancellationToken);

    private Task InsertFilesAsync(LoadRecord load, IAsyncEnumerable<SourceObject> files, CancellationToken cancellationToken)
    {
        (string, object)[] same =
        [
            ("feed_id", Text(_commands.Target.FeedId)), ("table_name", _commands.Dialect.LedgerName(_commands.Target.Table)),
            ("generation", load.Sequence), ("load_id", load.LoadId),
        ];
        return _commands.InsertAsync(
            File, same, ["bucket", "object_key", "etag", "size"], files, f => [f.Bucket, f.Key, f.ETag, f.Size], cancellationToken);
    }

    private Task DeleteFilesAsync(CancellationToken cancellationToken)
        => _commands.ExecuteAsync($"DELETE FROM {File} WHERE {Mine}", cancellationToken);

    // The loads of this feed that brought versions of the objects.
    private static string EarlierLoads(SqlDialect dialect, string objects)
        => $"""
            {objects} o CROSS JOIN {dialect.Table(FileTable)} f CROSS JOIN {dialect.Table(LoadTable)} l
            WHERE f.feed_id = @feed AND f.table_name = @table AND f.bucket = o.bucket AND f.object_key = o.object_key
            AND l.feed_id = @feed AND l.table_name = @table AND l.sequence = f.generation
            """;

    private async IAsyncEnumerable<List<(LedgerEntry Entry, long Generation)>> PagesAsync(
        string bucket, string from, LedgerTakeover? takeover, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (key, generation) = (from, BeforeAll);
        List<(LedgerEntry Entry, long Generation)> page;
        do
        {
            page = await ReadPageAsync(bucket, takeover, key, generation, cancellationToken);
            if (page.Count == 0)
                yield break;
            (key, generation) = (page[^1].Entry.Key, page[^1].Generation);
            yield return page;
        }
        while (page.Count == PageRows);
    }

    private async Task<List<(LedgerEntry Entry, long Generation)>> ReadPageAsync(
        string bucket, LedgerTakeover? takeover, string afterKey, long afterGeneration, CancellationToken cancellationToken)
    {
        await using var command = _commands.Create(takeover is null ? Page($"{Mine}{Live}", "") : Pages(takeover));
        Add(command, "bucket", bucket);
        Add(command, "key", afterKey);
        Add(command, "generation", afterGeneration);
        for (var i = 0; i < takeover?.Units.Count; i++)
        {
            Add(command, $"owner{i}", Text(takeover.Units[i].FeedId));
            Add(command, $"in{i}", takeover.Units[i].Table);
            Add(command, $"offset{i}", takeover.Units[i].Offset);
        }
        return await _commands.QueryAsync(command, Entry, cancellationToken);

        (LedgerEntry, long) Entry(DbDataReader reader)
        {
            var row = new LedgerRow(_commands.Target, FileTable, reader);
            return (new LedgerEntry(reader.GetString(0), reader.GetString(1), row.Number(2)), row.Number(3));
        }
    }

    private string Page(string rows, string offset)
        => $"""
            SELECT object_key, etag, size, generation{(offset.Length > 0 ? $" + {offset} AS generation" : "")} FROM {File}
            WHERE {rows} AND bucket = @bucket AND (object_key, generation) > (@key, @generation{(offset.Length > 0 ? $" - {offset}" : "")})
            ORDER BY object_key, {File}.generation LIMIT {PageRows}
            """;

    // The first rows of the union are among the first rows of each part.
    private string Pages(LedgerTakeover takeover)
    {
        var units = takeover.Units.Select((u, i) =>
        {
            var retired = _hasRetired ? string.Create(CultureInfo.InvariantCulture, $" AND {RetiredColumn} = {u.Retired}") : "";
            return $"SELECT * FROM ({Page($"feed_id = @owner{i} AND table_name = @in{i}{retired}", $"@offset{i}")}) AS u{i}";
        });
        return $"{string.Join(" UNION ALL ", units)} ORDER BY object_key, generation LIMIT {PageRows}";
    }
}
