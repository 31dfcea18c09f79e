using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Files;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>The objects of a plan in a scratch database. Reading and loading use it at the same time.</summary>
internal sealed class PlanFile : IDisposable
{
    private static readonly string[] LoadedETags = ["@loaded_etag0", "@loaded_etag1"];
    private static readonly string[] LoadedSizes = ["@loaded_size0", "@loaded_size1"];
    private readonly ScratchDatabase _scratch = new(FeedRunErrors.Scratch);
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _insertSkipped;
    private readonly SqliteCommand _page;
    private readonly SqliteCommand _take;
    private readonly SqliteCommand _mark;
    private readonly string _bucket;
    private readonly int _targets;
    private int _remaining; // the destinations whose objects have not been forgotten, as bits

    /// <summary>Opens an empty plan.</summary>
    /// <param name="bucket">The bucket of the objects.</param>
    /// <param name="targets">How many destinations the feed has.</param>
    public PlanFile(string bucket, int targets = 1)
    {
        _bucket = bucket;
        _targets = targets;
        _remaining = (1 << targets) - 1;
        _insert = _scratch.Keep(PlanSql.Insert(targets));
        _insertSkipped = _scratch.Keep(PlanSql.InsertSkipped);
        _page = _scratch.Keep(PlanSql.Page(targets));
        _take = _scratch.Keep(PlanSql.Take);
        _mark = _scratch.Keep(PlanSql.Mark);
        _scratch.Guard(() =>
        {
            _scratch.Execute(PlanSql.Settings);
            _scratch.Execute(PlanSql.Tables(targets));
            _scratch.Execute("BEGIN");
        });
    }

    /// <summary>Adds an object to load.</summary>
    /// <param name="item">The object.</param>
    /// <param name="targets">The destinations that need it, as bits.</param>
    /// <param name="loaded">The version of its key that the ledger of each destination has, or null.</param>
    public void Add(SourceObject item, int targets, IReadOnlyList<LedgerEntry?> loaded) => _scratch.Guard(() =>
    {
        for (var i = 0; i < loaded.Count; i++)
        {
            ScratchDatabase.Set(
                _insert,
                (LoadedETags[i], loaded[i]?.ETag ?? (object)DBNull.Value),
                (LoadedSizes[i], loaded[i]?.Size ?? (object)DBNull.Value));
        }
        ScratchDatabase.Run(
            _insert, ("@key", item.Key), ("@etag", item.ETag), ("@size", item.Size), ("@modified", Ticks(item)), ("@targets", targets));
    });

    /// <summary>Adds an object that the run skips.</summary>
    /// <param name="item">The object.</param>
    /// <param name="reason">Why.</param>
    /// <param name="load">The load that skipped the object, and decides again when it is restarted; null for the plan.</param>
    public void AddSkipped(SourceObject item, string reason, int? load = null) => _scratch.Guard(() => ScratchDatabase.Run(
        _insertSkipped, ("@key", item.Key), ("@size", item.Size), ("@reason", reason), ("@load", load ?? (object)DBNull.Value)));

    /// <summary>Adds an object that counts as loaded into a destination.</summary>
    public void AddAssumed(SourceObject item, int target) => _scratch.Guard(() => _scratch.Execute(
        PlanSql.InsertAssumed, ("@target", target), ("@key", item.Key), ("@etag", item.ETag), ("@size", item.Size), ("@modified", Ticks(item))));

    /// <summary>The objects that count as loaded into a destination, in the order of their keys.</summary>
    public IEnumerable<SourceObject> Assumed(int target) => _scratch.Read(PlanSql.Assumed, ReadObject, ("@target", target));

    /// <summary>Adds the key of an object whose rows are in the table of a destination.</summary>
    public void AddNamed(string key, int target) => _scratch.Guard(() => _scratch.Execute(PlanSql.InsertNamed, ("@target", target), ("@key", key)));

    /// <summary>Whether rows of an object are in the table of a destination.</summary>
    public bool IsNamed(string key, int target) => _scratch.Read(PlanSql.IsNamed, r => r.GetInt64(0), ("@target", target), ("@key", key)).Any();

    /// <summary>Ends adding: all objects are in the plan now.</summary>
    public void Seal() => _scratch.Guard(() => _scratch.Execute(PlanSql.Indexes + "COMMIT; BEGIN"));

    /// <summary>Removes the objects that wait for a load and that none of these destinations needs.</summary>
    public void ForgetOthers(int targets) => _scratch.Guard(() =>
    {
        if ((targets & _remaining) == _remaining)
            return;
        _remaining &= targets;
        _scratch.Execute(PlanSql.ForgetOthers, ("@targets", targets));
    });

    /// <summary>
    /// Assigns the next objects in loading order to a load, until one of the limits is reached, but at least one object. Returns their number and
    /// size, and the destinations that need at least one of them, as bits.
    /// </summary>
    public (long Objects, long Bytes, int Targets) Assign(int load, long maxBytes, int maxObjects) => _scratch.Guard(() =>
    {
        long objects = 0, bytes = 0;
        var targets = 0;
        (long Modified, string Key) last = (0, "");
        using (var command = _scratch.Prepare(PlanSql.Unassigned))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                var size = reader.GetInt64(2);
                if (objects > 0 && (bytes + size > maxBytes || (maxObjects > 0 && objects >= maxObjects)))
                    break;
                objects++;
                bytes += size;
                targets |= reader.GetInt32(3);
                last = (reader.GetInt64(0), reader.GetString(1));
            }
        }
        if (objects > 0)
            _scratch.Execute(PlanSql.Assign, ("@load", load), ("@modified", last.Modified), ("@key", last.Key));
        return (objects, bytes, targets);
    });

    /// <summary>Returns the next objects of a load in loading order, at most one page. An object comes twice only if it is planned again.</summary>
    public IReadOnlyList<(long Id, PlannedObject Object)> Take(int load) => _scratch.Guard(() =>
    {
        var page = new List<(long Id, PlannedObject Object)>();
        ScratchDatabase.Set(_page, ("@load", load));
        using (var reader = _page.ExecuteReader())
        {
            while (reader.Read())
                page.Add((reader.GetInt64(0), ReadPlanned(reader)));
        }
        foreach (var (id, _) in page)
            ScratchDatabase.Run(_take, ("@id", id));
        return page;
    });

    /// <summary>Records that the object's rows are written.</summary>
    /// <param name="id">The object's number in the plan.</param>
    /// <param name="ordinal">The object's number in the load, in loading order.</param>
    public void Mark(long id, long ordinal) => _scratch.Guard(() => ScratchDatabase.Run(_mark, ("@ordinal", ordinal), ("@id", id)));

    /// <summary>Records that all objects of a load are written, with numbers in loading order.</summary>
    public void MarkAll(int load) => _scratch.Guard(() => _scratch.Execute(PlanSql.MarkAll, ("@load", load)));

    /// <summary>The objects of a load, in loading order.</summary>
    public IEnumerable<SourceObject> OfLoad(int load) => Read(PlanSql.Objects(ofLoad: true), load);

    /// <summary>The objects of a load, in the order of the bytes of their keys.</summary>
    public IEnumerable<SourceObject> OfLoadByKey(int load) => Read(PlanSql.ObjectsByKey, load);

    /// <summary>Returns the written object of a load with that number.</summary>
    public PlannedObject FindOrdinal(int load, long ordinal)
        => _scratch.Read(PlanSql.FindOrdinal(_targets), ReadPlanned, ("@load", load), ("@ordinal", ordinal)).Single();

    /// <summary>Restarts a load: none of its objects counts as written, and it tries the objects that it skipped again.</summary>
    public void Restart(int load) => _scratch.Guard(() =>
    {
        _scratch.Execute(PlanSql.ForgetSkipped, ("@load", load));
        _scratch.Execute(PlanSql.Restart, ("@load", load));
    });

    /// <summary>Removes an object from its load. With a reason, the object is recorded as skipped.</summary>
    public void LeaveOut(long id, string? reason) => _scratch.Guard(() =>
    {
        if (reason is not null)
            _scratch.Execute(PlanSql.SkipPlanned, ("@reason", reason), ("@id", id));
        _scratch.Execute(PlanSql.LeaveOut, ("@id", id));
    });

    /// <summary>Plans an object again with the version it has now, in this load or a later one.</summary>
    /// <param name="id">The object's number in the plan.</param>
    /// <param name="now">The version.</param>
    /// <param name="targets">The destinations that need it, as bits.</param>
    /// <param name="load">The load; null for a later one.</param>
    public void Replan(long id, SourceObject now, int targets, int? load) => _scratch.Guard(() => _scratch.Execute(
        PlanSql.Replan,
        ("@etag", now.ETag), ("@size", now.Size), ("@modified", Ticks(now)), ("@targets", targets), ("@load", load ?? (object)DBNull.Value),
        ("@id", id)));

    /// <summary>The objects that are not assigned to a load yet, in loading order.</summary>
    public IEnumerable<SourceObject> Waiting() => Read(PlanSql.Objects(ofLoad: false), load: null);

    /// <summary>The objects of a load that a destination needs and that are written, in loading order.</summary>
    public IEnumerable<LoadedObject> Written(int load, int target) => _scratch.Read(
        PlanSql.Objects(ofLoad: true, onlyWritten: true, target), r => new LoadedObject(ReadObject(r), r.GetInt64(5)), ("@load", load));

    /// <summary>The objects of a load of which a destination has loaded another version before, in loading order.</summary>
    public IEnumerable<SourceObject> Changed(int load, int target, bool onlyWritten)
        => Read(PlanSql.Objects(ofLoad: true, onlyWritten, target, onlyChanged: true), load);

    /// <summary>The skipped objects, in the order of their keys.</summary>
    public IEnumerable<SkippedObject> Skipped() => _scratch.Read(PlanSql.Skipped, ReadSkipped);

    /// <summary>The objects that loads skipped as bad files.</summary>
    public IEnumerable<SkippedObject> BadFiles() => _scratch.Read(PlanSql.SkippedByLoads, ReadSkipped).Where(s => s.IsBadFile);

    /// <summary>How many objects loads skipped: bad files, and all others.</summary>
    public (long Bad, long Others) CountSkippedByLoads()
    {
        var counts = _scratch.Read(PlanSql.CountSkippedByLoads, r => (Bad: r.GetInt64(0), All: r.GetInt64(1))).Single();
        return (counts.Bad, counts.All - counts.Bad);
    }

    public void Dispose() => _scratch.Dispose();

    /// <summary>SQLite's query plan of a statement, for tests: no statement may sort or scan rows whose number grows with the plan.</summary>
    internal IReadOnlyList<string> Explain(string sql) => [.. _scratch.Read(
        "EXPLAIN QUERY PLAN " + sql, r => r.GetString(3),
        ("@load", DBNull.Value), ("@id", DBNull.Value), ("@modified", DBNull.Value), ("@key", DBNull.Value))];

    private static long Ticks(SourceObject item) => item.LastModified.UtcTicks;

    private SourceObject ReadObject(SqliteDataReader reader)
        => new(_bucket, reader.GetString(1), reader.GetString(2), reader.GetInt64(3), new DateTimeOffset(reader.GetInt64(4), TimeSpan.Zero));

    private IEnumerable<SourceObject> Read(string sql, int? load) => _scratch.Read(sql, ReadObject, ("@load", load ?? (object)DBNull.Value));

    private PlannedObject ReadPlanned(SqliteDataReader reader)
    {
        var loaded = new LedgerEntry?[_targets];
        for (var i = 0; i < _targets; i++)
        {
            var at = 7 + (2 * i);
            loaded[i] = reader.IsDBNull(at) ? null : new LedgerEntry(reader.GetString(1), reader.GetString(at), reader.GetInt64(at + 1));
        }
        return new PlannedObject(ReadObject(reader), loaded, reader.GetInt32(6), reader.GetInt32(5));
    }

    private SkippedObject ReadSkipped(SqliteDataReader reader)
        => new($"s3://{_bucket}/{reader.GetString(0)}", reader.GetInt64(1), reader.GetString(2));
}
