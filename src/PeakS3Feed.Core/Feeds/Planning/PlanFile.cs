using Microsoft.Data.Sqlite;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>
/// The objects of a plan in a scratch SQLite database, which lives in memory while it is small and goes with its connection.
/// Reading and loading use it side by side, so every call is under one lock.
/// </summary>
internal sealed class PlanFile : IDisposable
{
    private const int PageSize = 256;
    private const int LeftOut = -1;
    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _insertSkipped;
    private readonly SqliteCommand _page;
    private readonly SqliteCommand _take;
    private readonly SqliteCommand _mark;
    private readonly string _bucket;

    public PlanFile(string bucket)
    {
        SQLitePCL.Batteries_V2.Init();
        _bucket = bucket;
        _connection = new SqliteConnection("Data Source="); // an empty name is a private database that SQLite removes itself
        _connection.Open();
        Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE; PRAGMA cache_size = -8192");
        Execute(
            """
            CREATE TABLE object (id INTEGER PRIMARY KEY, key TEXT, etag TEXT, size INTEGER, modified INTEGER, changed INTEGER, restarts INTEGER DEFAULT 0,
                load INTEGER, taken INTEGER DEFAULT 0, written INTEGER DEFAULT 0);
            CREATE TABLE skipped (key TEXT, size INTEGER, reason TEXT);
            """);
        _insert = Prepare("INSERT INTO object (key, etag, size, modified, changed) VALUES (@key, @etag, @size, @modified, @changed)");
        _insertSkipped = Prepare("INSERT INTO skipped (key, size, reason) VALUES (@key, @size, @reason)");
        _page = Prepare(
            $"""
            SELECT id, key, etag, size, modified, changed, restarts FROM object
            WHERE load = @load AND NOT taken ORDER BY modified, key LIMIT {PageSize}
            """);
        _take = Prepare("UPDATE object SET taken = 1 WHERE id = @id");
        _mark = Prepare("UPDATE object SET written = @written WHERE id = @id");
        Execute("BEGIN");
    }

    /// <summary>Adds an object to load.</summary>
    public void Add(SourceObject item, bool changed)
    {
        lock (_lock)
            Run(_insert, ("@key", item.Key), ("@etag", item.ETag), ("@size", item.Size), ("@modified", Ticks(item)), ("@changed", changed ? 1 : 0));
    }

    /// <summary>Adds an object that is passed over.</summary>
    public void AddSkipped(SourceObject item, string reason)
    {
        lock (_lock)
            Run(_insertSkipped, ("@key", item.Key), ("@size", item.Size), ("@reason", reason));
    }

    /// <summary>All objects are added.</summary>
    public void Seal()
    {
        lock (_lock)
            Execute("CREATE INDEX by_load ON object (load, taken, modified, key); COMMIT; BEGIN");
    }

    /// <summary>Gives the next objects in loading order to a load, until one of the limits is reached (but at least one object); counts them.</summary>
    public (long Objects, long Bytes) Assign(int load, long maxBytes, int maxObjects)
    {
        lock (_lock)
        {
            long objects = 0, bytes = 0;
            object? lastModified = null, lastKey = null;
            using (var command = Prepare("SELECT modified, key, size FROM object WHERE load IS NULL ORDER BY modified, key"))
            using (var reader = command.ExecuteReader())
            {
                while (reader.Read())
                {
                    var size = reader.GetInt64(2);
                    if (objects > 0 && (bytes + size > maxBytes || (maxObjects > 0 && objects >= maxObjects)))
                        break;
                    objects++;
                    bytes += size;
                    (lastModified, lastKey) = (reader.GetInt64(0), reader.GetString(1));
                }
            }
            if (objects > 0)
            {
                using var update = Prepare("UPDATE object SET load = @load WHERE load IS NULL AND (modified, key) <= (@modified, @key)");
                Run(update, ("@load", load), ("@modified", lastModified!), ("@key", lastKey!));
            }
            return (objects, bytes);
        }
    }

    /// <summary>Hands out the next objects of a load in loading order, at most a page; each once, unless it is planned again.</summary>
    public IReadOnlyList<(long Id, PlannedObject Object)> Take(int load)
    {
        lock (_lock)
        {
            var page = new List<(long Id, PlannedObject Object)>();
            Set(_page, ("@load", load));
            using (var reader = _page.ExecuteReader())
            {
                while (reader.Read())
                    page.Add((reader.GetInt64(0), new PlannedObject(Read(reader), reader.GetInt64(5) != 0, reader.GetInt32(6))));
            }
            foreach (var (id, _) in page)
                Run(_take, ("@id", id));
            return page;
        }
    }

    /// <summary>The object's rows are written (or, with false, taken back).</summary>
    public void Mark(long id, bool written)
    {
        lock (_lock)
            Run(_mark, ("@written", written ? 1 : 0), ("@id", id));
    }

    /// <summary>Begins a load again: nothing of it is written, and nothing of it was left out.</summary>
    public void Restart(int load)
    {
        lock (_lock)
        {
            using var forget = Prepare("DELETE FROM skipped WHERE reason LIKE 'BadFile%' AND key IN (SELECT key FROM object WHERE load = @load)");
            Run(forget, ("@load", load));
            using var command = Prepare("UPDATE object SET taken = 0, written = 0 WHERE load = @load");
            Run(command, ("@load", load));
        }
    }

    /// <summary>Takes an object out of its load and passes it over.</summary>
    public void LeaveOut(long id, string reason)
    {
        lock (_lock)
        {
            using var skip = Prepare("INSERT INTO skipped (key, size, reason) SELECT key, size, @reason FROM object WHERE id = @id");
            Run(skip, ("@reason", reason), ("@id", id));
            using var take = Prepare($"UPDATE object SET load = {LeftOut} WHERE id = @id");
            Run(take, ("@id", id));
        }
    }

    /// <summary>Plans an object again with the version it has now, in this load or a later one.</summary>
    public void Replan(long id, SourceObject now, int? load)
    {
        lock (_lock)
        {
            using var command = Prepare(
                "UPDATE object SET etag = @etag, size = @size, modified = @modified, restarts = restarts + 1, taken = 0, written = 0, load = @load WHERE id = @id");
            Run(command, ("@etag", now.ETag), ("@size", now.Size), ("@modified", Ticks(now)), ("@load", load is { } n ? n : DBNull.Value), ("@id", id));
        }
    }

    /// <summary>Objects in loading order: all, or a load's that are written, or a load's that had another version before.</summary>
    public IEnumerable<SourceObject> Enumerate(int? load = null, bool onlyWritten = false, bool onlyChanged = false)
    {
        var conditions = $"{(load is null ? "1" : "load = @load")}{(onlyWritten ? " AND written" : "")}{(onlyChanged ? " AND changed" : "")}";
        using var command = Prepare($"SELECT id, key, etag, size, modified FROM object WHERE {conditions} ORDER BY modified, key");
        if (load is { } number)
            Set(command, ("@load", number));
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return Read(reader);
    }

    /// <summary>The objects passed over, in the order of their keys.</summary>
    public IEnumerable<SkippedObject> Skipped()
    {
        using var command = Prepare("SELECT key, size, reason FROM skipped ORDER BY key");
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return new SkippedObject($"s3://{_bucket}/{reader.GetString(0)}", reader.GetInt64(1), reader.GetString(2));
    }

    public void Dispose()
    {
        foreach (var command in new[] { _insert, _insertSkipped, _page, _take, _mark })
            command.Dispose();
        _connection.Dispose();
    }

    private static long Ticks(SourceObject item) => item.LastModified.UtcTicks;

    private SourceObject Read(SqliteDataReader reader)
        => new(_bucket, reader.GetString(1), reader.GetString(2), reader.GetInt64(3), new DateTimeOffset(reader.GetInt64(4), TimeSpan.Zero));

    private SqliteCommand Prepare(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private void Execute(string sql)
    {
        using var command = Prepare(sql);
        command.ExecuteNonQuery();
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<(string Name, object Value)> values)
    {
        Set(command, values);
        command.ExecuteNonQuery();
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<(string Name, object Value)> values)
    {
        foreach (var (name, value) in values)
        {
            if (command.Parameters.Contains(name))
                command.Parameters[name].Value = value;
            else
                command.Parameters.AddWithValue(name, value);
        }
    }
}
