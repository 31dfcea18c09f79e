using System.Globalization;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>How a feed of these tests loads.</summary>
public enum LoadKind
{
    /// <summary>Incremental; files are only added.</summary>
    Append,

    /// <summary>Incremental with OnChangedObject Replace.</summary>
    Replacing,

    /// <summary>Upsert by customer.</summary>
    Upsert,

    /// <summary>TruncateInsert.</summary>
    TruncateInsert,
}

/// <summary>Table and ledger at one moment.</summary>
public sealed record Snapshot(
    IReadOnlyList<DataRow> Rows, long Sequence, IReadOnlyList<Snapshot.Load> Loads, IReadOnlyList<Snapshot.Entry> Entries)
{
    public sealed record Load(long Sequence, Guid RunId, long Rows, long Objects);

    public sealed record Entry(string Key, string ETag, long Generation);

    /// <summary>The newest generation of each key.</summary>
    public IReadOnlyList<Entry> Newest => [.. Entries.GroupBy(e => e.Key, StringComparer.Ordinal).Select(g => g.MaxBy(e => e.Generation)!)];

    public static Task<Snapshot> ReadAsync(TestDatabase database, string table = TestStore.FeedName) => database.SnapshotAsync(table);

    public static async Task<Snapshot> QueryAsync(TestDatabase database, string table)
    {
        var state = await database.LockTableAsync();
        var read = await database.ReadAsync(
            (table, $"SELECT row_id, customer, version, amount FROM {table}"),
            (state, $"SELECT sequence FROM {state} WHERE table_name = '{database.LedgerName(table)}'"),
            ("peaks3feed_load", $"SELECT sequence, run_id, row_count, object_count FROM peaks3feed_load WHERE table_name = '{database.LedgerName(table)}' ORDER BY sequence"),
            ("peaks3feed_file", $"SELECT object_key, etag, generation FROM peaks3feed_file WHERE table_name = '{database.LedgerName(table)}'"));
        return new Snapshot(
            [.. read[0].Select(r => new DataRow((string)r[0]!, Number(r[1]), Number(r[2]), Number(r[3])))],
            read[1].Count == 0 ? 0 : Number(read[1][0][0]),
            [.. read[2].Select(r => new Load(Number(r[0]), Guid.Parse((string)r[1]!), Number(r[2]), Number(r[3])))],
            [.. read[3].Select(r => new Entry((string)r[0]!, (string)r[1]!, Number(r[2])))]);

        static long Number(object? value) => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Whatever happened: the table holds exactly the rows that the ledger promises, each once.</summary>
    public void MustHoldWhatItsLedgerSays(DataFolder data, LoadKind kind)
    {
        Assert.Equal(LongRange(Sequence), Loads.Select(l => l.Sequence));
        foreach (var load in Loads.Where(l => kind != LoadKind.TruncateInsert || l.Sequence == Sequence))
        {
            var files = Entries.Where(e => e.Generation == load.Sequence).Select(e => data.Find(e.Key, e.ETag)).ToList();
            Assert.Equal((files.Count, files.Sum(f => f.Rows.Count)), (load.Objects, load.Rows));
        }
        Same(Promised(data, kind), Rows);
    }

    /// <summary>Everything that the folder holds now is there, and nothing else.</summary>
    public void MustBeComplete(DataFolder data, LoadKind kind)
    {
        MustHoldWhatItsLedgerSays(data, kind);
        Assert.Equal(
            data.Current.Select(f => $"{f.Key} {f.ETag}").Order(StringComparer.Ordinal),
            Newest.Select(e => $"{e.Key} {e.ETag}").Order(StringComparer.Ordinal));
        var expected = kind == LoadKind.Upsert
            ? data.Current.OrderBy(f => f.Number).SelectMany(f => f.Rows).GroupBy(r => r.Customer).Select(g => g.Last())
            : data.Current.SelectMany(f => f.Rows);
        Same([.. expected], Rows);
        Assert.Equal(expected.Sum(r => (decimal)r.Amount), Rows.Sum(r => (decimal)r.Amount));
    }

    /// <summary>The history counts what the ledger has; nobody is under way, and the dead are recorded as such.</summary>
    public void MustAgreeWith(IReadOnlyList<S3FeedRun> runs)
    {
        var loads = Loads.ToLookup(l => l.RunId);
        foreach (var run in runs)
        {
            Assert.NotEqual(RunStatus.Running, run.Status);
            Assert.True(run.Status != RunStatus.Failed || run.ErrorId != "ProcessEnded" || run.Error == "process ended", run.Error);
            var own = loads[run.Id].ToList();
            Assert.Equal(
                (run.Id, own.Count, own.Sum(l => l.Rows), own.Sum(l => l.Objects)),
                (run.Id, run.Commits, run.RowsLoaded, run.ObjectsLoaded));
        }
        Assert.Equal(Loads.Count, runs.Sum(r => r.Commits));
    }

    private List<DataRow> Promised(DataFolder data, LoadKind kind)
    {
        if (kind != LoadKind.Upsert)
            return [.. Newest.SelectMany(e => data.Find(e.Key, e.ETag).Rows)];
        var last = new Dictionary<long, DataRow>();
        foreach (var (_, file) in Entries.Select(e => (e.Generation, File: data.Find(e.Key, e.ETag))).OrderBy(e => e.Generation).ThenBy(e => e.File.Number))
        {
            foreach (var row in file.Rows)
                last[row.Customer] = row;
        }
        return [.. last.Values];
    }

    private static void Same(IReadOnlyList<DataRow> expected, IReadOnlyList<DataRow> found)
    {
        var twice = found.GroupBy(r => r.RowId, StringComparer.Ordinal).Where(g => g.Skip(1).Any()).Select(g => g.Key).ToList();
        var missing = expected.Except(found).ToList();
        var foreign = found.Except(expected).ToList();
        Assert.True(
            twice.Count + missing.Count + foreign.Count == 0 && expected.Count == found.Count,
            string.Create(CultureInfo.InvariantCulture,
                $"{expected.Count} rows expected, {found.Count} found: {twice.Count} more than once ({Some(twice)}), {missing.Count} missing ({Some(missing.Select(r => r.RowId))}), {foreign.Count} that should not be there ({Some(foreign.Select(r => r.RowId))})."));
    }

    private static string Some(IEnumerable<string> ids) => string.Join(", ", ids.Take(5));

    private static IEnumerable<long> LongRange(long count) => Enumerable.Range(1, (int)count).Select(i => (long)i);
}
