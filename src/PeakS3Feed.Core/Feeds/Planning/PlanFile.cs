using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>
/// The objects of a plan in a scratch SQLite database, which lives in memory while it is small and goes with its connection.
/// Reading and loading use it side by side, so every call is under one lock. Its troubles are <c>ScratchFull</c> and <c>ScratchFailed</c>.
/// </summary>
internal sealed class PlanFile : IDisposable
{
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
        _insert = Prepare(PlanSql.Insert);
        _insertSkipped = Prepare(PlanSql.InsertSkipped);
        _page = Prepare(PlanSql.Page);
        _take = Prepare(PlanSql.Take);
        _mark = Prepare(PlanSql.Mark);
        Guard(() =>
        {
            _connection.Open();
            Execute(PlanSql.Settings);
            Execute(PlanSql.Tables);
            Execute("BEGIN");
        });
    }

    /// <summary>Adds an object to load.</summary>
    /// <param name="item">The object.</param>
    /// <param name="loaded">The version of its key that the ledger has, or null.</param>
    public void Add(SourceObject item, LedgerEntry? loaded) => Guard(() => Run(
        _insert,
        ("@key", item.Key),
        ("@etag", item.ETag),
        ("@size", item.Size),
        ("@modified", Ticks(item)),
        ("@loadedETag", loaded?.ETag ?? (object)DBNull.Value),
        ("@loadedSize", loaded?.Size ?? (object)DBNull.Value)));

    /// <summary>Adds an object that is passed over.</summary>
    /// <param name="item">The object.</param>
    /// <param name="reason">Why.</param>
    /// <param name="load">The load that found this out, and finds it out again when it is begun again; null for the plan.</param>
    public void AddSkipped(SourceObject item, string reason, int? load = null) => Guard(() => Run(
        _insertSkipped, ("@key", item.Key), ("@size", item.Size), ("@reason", reason), ("@load", load ?? (object)DBNull.Value)));

    /// <summary>All objects are added.</summary>
    public void Seal() => Guard(() => Execute(PlanSql.Indexes + "COMMIT; BEGIN"));

    /// <summary>Gives the next objects in loading order to a load, until one of the limits is reached (but at least one object); counts them.</summary>
    public (long Objects, long Bytes) Assign(int load, long maxBytes, int maxObjects) => Guard(() =>
    {
        long objects = 0, bytes = 0;
        (long Modified, string Key) last = (0, "");
        using (var command = Prepare(PlanSql.Unassigned))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                var size = reader.GetInt64(2);
                if (objects > 0 && (bytes + size > maxBytes || (maxObjects > 0 && objects >= maxObjects)))
                    break;
                objects++;
                bytes += size;
                last = (reader.GetInt64(0), reader.GetString(1));
            }
        }
        if (objects > 0)
        {
            using var update = Prepare(PlanSql.Assign);
            Run(update, ("@load", load), ("@modified", last.Modified), ("@key", last.Key));
        }
        return (objects, bytes);
    });

    /// <summary>Hands out the next objects of a load in loading order, at most a page; each once, unless it is planned again.</summary>
    public IReadOnlyList<(long Id, PlannedObject Object)> Take(int load) => Guard(() =>
    {
        var page = new List<(long Id, PlannedObject Object)>();
        Set(_page, ("@load", load));
        using (var reader = _page.ExecuteReader())
        {
            while (reader.Read())
                page.Add((reader.GetInt64(0), ReadPlanned(reader)));
        }
        foreach (var (id, _) in page)
            Run(_take, ("@id", id));
        return page;
    });

    /// <summary>The object's rows are written (or, with false, taken back).</summary>
    public void Mark(long id, bool written) => Guard(() => Run(_mark, ("@written", written ? 1 : 0), ("@id", id)));

    /// <summary>Begins a load again: nothing of it is written, and what it passed over is tried again.</summary>
    public void Restart(int load) => Guard(() =>
    {
        using var forget = Prepare(PlanSql.ForgetSkipped);
        Run(forget, ("@load", load));
        using var command = Prepare(PlanSql.Restart);
        Run(command, ("@load", load));
    });

    /// <summary>Takes an object out of its load; with a reason it is passed over.</summary>
    public void LeaveOut(long id, string? reason) => Guard(() =>
    {
        if (reason is not null)
        {
            using var skip = Prepare(PlanSql.SkipPlanned);
            Run(skip, ("@reason", reason), ("@id", id));
        }
        using var take = Prepare(PlanSql.LeaveOut);
        Run(take, ("@id", id));
    });

    /// <summary>Plans an object again with the version it has now, in this load or a later one.</summary>
    public void Replan(long id, SourceObject now, int? load) => Guard(() =>
    {
        using var command = Prepare(PlanSql.Replan);
        Run(
            command,
            ("@etag", now.ETag), ("@size", now.Size), ("@modified", Ticks(now)), ("@load", load ?? (object)DBNull.Value), ("@id", id));
    });

    /// <summary>Objects in loading order: all that no load has been given yet, or a load's that are written, or a load's that had another version before.</summary>
    public IEnumerable<SourceObject> Enumerate(int? load = null, bool onlyWritten = false, bool onlyChanged = false)
        => Read(PlanSql.Objects(load is not null, onlyWritten, onlyChanged), load, ReadObject);

    /// <summary>The objects passed over, in the order of their keys.</summary>
    public IEnumerable<SkippedObject> Skipped() => Read(PlanSql.Skipped, null, ReadSkipped);

    /// <summary>The first objects that loads passed over as bad files.</summary>
    public IReadOnlyList<SkippedObject> BadFiles(int most)
        => [.. Read(PlanSql.SkippedByLoads, null, ReadSkipped).Where(s => s.IsBadFile).Take(most)];

    /// <summary>How many objects loads passed over: bad files, and all others.</summary>
    public (long Bad, long Others) CountSkippedByLoads()
    {
        var counts = Read(PlanSql.CountSkippedByLoads, null, r => (Bad: r.GetInt64(0), All: r.GetInt64(1))).Single();
        return (counts.Bad, counts.All - counts.Bad);
    }

    public void Dispose()
    {
        foreach (var command in new[] { _insert, _insertSkipped, _page, _take, _mark })
            command.Dispose();
        _connection.Dispose();
    }

    /// <summary>How SQLite goes about a statement, for tests: nothing may sort or scan what grows with the plan.</summary>
    internal IReadOnlyList<string> Explain(string sql) => [.. Read("EXPLAIN QUERY PLAN " + sql, null, r => r.GetString(3))];

    private static long Ticks(SourceObject item) => item.LastModified.UtcTicks;

    private SourceObject ReadObject(SqliteDataReader reader)
        => new(_bucket, reader.GetString(1), reader.GetString(2), reader.GetInt64(3), new DateTimeOffset(reader.GetInt64(4), TimeSpan.Zero));

    private PlannedObject ReadPlanned(SqliteDataReader reader) => new(
        ReadObject(reader), reader.IsDBNull(6) ? null : new LedgerEntry(reader.GetString(1), reader.GetString(6), reader.GetInt64(7)), reader.GetInt32(5));

    private SkippedObject ReadSkipped(SqliteDataReader reader)
        => new($"s3://{_bucket}/{reader.GetString(0)}", reader.GetInt64(1), reader.GetString(2));

    // The reader stays open between the items, so the caller must not use the plan from elsewhere meanwhile.
    private IEnumerable<T> Read<T>(string sql, int? load, Func<SqliteDataReader, T> read)
    {
        using var command = Prepare(sql);
        foreach (var name in (string[])["@load", "@id", "@modified", "@key"])
        {
            if (sql.Contains(name, StringComparison.Ordinal))
                Set(command, (name, load ?? (object)DBNull.Value));
        }
        using var reader = Guard(command.ExecuteReader);
        while (Guard(reader.Read))
            yield return read(reader);
    }

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

    private void Guard(Action action) => Guard(() =>
    {
        action();
        return true;
    });

    private T Guard<T>(Func<T> action)
    {
        lock (_lock)
        {
            try
            {
                return action();
            }
            catch (SqliteException e)
            {
                throw FeedRunErrors.Scratch(e);
            }
        }
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
