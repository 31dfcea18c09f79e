namespace PeakS3Feed.Feeds.Planning;

/// <summary>
/// The statements of a plan's scratch database. Each statement reads its rows through an index, in the order that it needs: a backfill of
/// millions of objects executes these statements once for each of its thousands of commits.
/// </summary>
internal static class PlanSql
{
    public const string Settings = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE; PRAGMA cache_size = -2048";

    /// <summary>
    /// An object without a load waits for one. An object in load -1 was skipped. Each destination that needs the object has a bit in
    /// <c>targets</c>. Each destination has two columns, with the version of the object that it has loaded before.
    /// </summary>
    public static string Tables(int targets) =>
        $"""
        CREATE TABLE object (id INTEGER PRIMARY KEY, key TEXT, etag TEXT, size INTEGER, modified INTEGER, targets INTEGER, {Loaded(targets, "")},
            restarts INTEGER DEFAULT 0, load INTEGER, taken INTEGER DEFAULT 0, written INTEGER DEFAULT 0, ordinal INTEGER);
        CREATE TABLE skipped (key TEXT, size INTEGER, reason TEXT, load INTEGER);
        CREATE TABLE assumed (id INTEGER PRIMARY KEY, target INTEGER, key TEXT, etag TEXT, size INTEGER, modified INTEGER);
        CREATE TABLE named (target INTEGER, key TEXT, PRIMARY KEY (target, key)) WITHOUT ROWID;
        """;

    /// <summary>Creates the indexes when all objects are added, which is cheaper than updating them while objects are added.</summary>
    public const string Indexes =
        """
        CREATE INDEX by_taken ON object (load, taken, modified, key);
        CREATE INDEX by_load ON object (load, modified, key);
        CREATE INDEX skipped_by_key ON skipped (key);
        CREATE INDEX skipped_by_load ON skipped (load, key) WHERE load IS NOT NULL;
        """;

    public static string Insert(int targets)
        => $"INSERT INTO object (key, etag, size, modified, targets, {Loaded(targets, "")}) "
            + $"VALUES (@key, @etag, @size, @modified, @targets, {Loaded(targets, "@")})";

    public const string InsertAssumed = "INSERT INTO assumed (target, key, etag, size, modified) VALUES (@target, @key, @etag, @size, @modified)";

    public const string Assumed = "SELECT id, key, etag, size, modified FROM assumed WHERE target = @target ORDER BY id";

    public const string InsertNamed = "INSERT OR IGNORE INTO named (target, key) VALUES (@target, @key)";

    public const string IsNamed = "SELECT 1 FROM named WHERE target = @target AND key = @key";

    public const string InsertSkipped = "INSERT INTO skipped (key, size, reason, load) VALUES (@key, @size, @reason, @load)";

    public static string Page(int targets)
        => $"SELECT id, key, etag, size, modified, restarts, targets, {Loaded(targets, "")} FROM object "
            + "WHERE load = @load AND taken = 0 ORDER BY modified, key LIMIT 256";

    public const string Take = "UPDATE object SET taken = 1 WHERE id = @id";

    public const string Mark = "UPDATE object SET written = 1, ordinal = @ordinal WHERE id = @id";

    public const string MarkAll =
        "UPDATE object SET written = 1, ordinal = n FROM (SELECT id AS marked, row_number() OVER (ORDER BY modified, key) - 1 AS n "
            + "FROM object INDEXED BY by_load WHERE load = @load) WHERE id = marked";

    /// <summary>The objects of a load, as the listing has them: the numbers of objects ascend with their keys.</summary>
    public const string ObjectsByKey = "SELECT id, key, etag, size, modified, ordinal FROM object NOT INDEXED WHERE load = @load ORDER BY id";

    public static string FindOrdinal(int targets)
        => $"SELECT id, key, etag, size, modified, restarts, targets, {Loaded(targets, "")} FROM object INDEXED BY by_load "
            + "WHERE load = @load AND ordinal = @ordinal AND written = 1";

    /// <summary>Removes the objects that wait for a load and that none of these destinations needs.</summary>
    public const string ForgetOthers = "DELETE FROM object WHERE load IS NULL AND targets & @targets = 0";

    /// <summary>Read only as far as the load reaches.</summary>
    public const string Unassigned = "SELECT modified, key, size, targets FROM object INDEXED BY by_load WHERE load IS NULL ORDER BY modified, key";

    public const string Assign = "UPDATE object INDEXED BY by_load SET load = @load WHERE load IS NULL AND (modified, key) <= (@modified, @key)";

    public const string ForgetSkipped = "DELETE FROM skipped WHERE load = @load";

    public const string Restart = "UPDATE object SET taken = 0, written = 0 WHERE load = @load";

    public const string SkipPlanned = "INSERT INTO skipped (key, size, reason, load) SELECT key, size, @reason, -1 FROM object WHERE id = @id";

    public const string LeaveOut = "UPDATE object SET load = -1 WHERE id = @id";

    public const string Replan =
        "UPDATE object SET etag = @etag, size = @size, modified = @modified, targets = @targets, restarts = restarts + 1, taken = 0, written = 0, "
            + "load = @load WHERE id = @id";

    public const string Skipped = "SELECT key, size, reason FROM skipped ORDER BY key";

    public const string SkippedByLoads = "SELECT key, size, reason FROM skipped WHERE load IS NOT NULL ORDER BY load, key";

    public const string CountSkippedByLoads = "SELECT coalesce(sum(reason LIKE 'BadFile%'), 0), count(*) FROM skipped WHERE load IS NOT NULL";

    /// <summary>The objects of a load, or those that wait for one.</summary>
    /// <param name="ofLoad">True for the objects of a load, false for those that wait for one.</param>
    /// <param name="onlyWritten">Only those that are written.</param>
    /// <param name="target">Only those that a destination needs; null for all.</param>
    /// <param name="onlyChanged">Only those of which the destination has loaded another version before.</param>
    public static string Objects(bool ofLoad, bool onlyWritten = false, int? target = null, bool onlyChanged = false)
        => "SELECT id, key, etag, size, modified, ordinal FROM object INDEXED BY by_load WHERE "
            + (ofLoad ? "load = @load" : "load IS NULL")
            + (onlyWritten ? " AND written = 1" : "")
            + (target is { } t ? $" AND targets & {1 << t} <> 0" : "")
            + (onlyChanged ? $" AND loaded_etag{target ?? 0} IS NOT NULL" : "")
            + " ORDER BY modified, key";

    private static string Loaded(int targets, string prefix)
        => string.Join(", ", Enumerable.Range(0, targets).Select(t => $"{prefix}loaded_etag{t}, {prefix}loaded_size{t}"));
}
