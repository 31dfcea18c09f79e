using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.TestKinds;

/// <summary>
/// A table of files in a folder with a log beside them, as Delta Lake has it: a commit is one file that is created if it does not exist.
/// There is no lock and no claim: the ledger's sequence fences.
/// </summary>
public sealed class FolderDestination(string root) : IStagingDestination
{
    public DestinationCapabilities Capabilities { get; } = new()
    {
        ValueLimits = new ValueLimits(),
        Modes = [LoadMode.Append, LoadMode.Replace],
        EnforcesKeys = false,
        AdoptsTables = false,
    };

    public string Location => $"folder {root}";

    /// <summary>Is called for each commit with what creates the log entry; may throw before or after.</summary>
    public Func<Func<Task<bool>>, Task<bool>> Put { get; set; } = put => put();

    /// <summary>Takes the place of what a commit is given, to do harm.</summary>
    public Func<StagedLoad, StagedLoad> BeforeCommit { get; set; } = files => files;

    /// <summary>Returns why the table refuses a row, or null. Rows are refused when they are copied.</summary>
    public Func<PartRow, string?> Refuse { get; set; } = _ => null;

    /// <summary>How often a stage was opened.</summary>
    public int Stagings { get; private set; }

    public string Root => root;

    public Task<ITableSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken) => Task.FromResult<ITableSession>(new FolderSession(this, target));

    public Task<IStage> OpenStageAsync(LoadTarget target, LoadSpec spec, LoadStamp stamp, LoadName name, CancellationToken cancellationToken)
    {
        Stagings++;
        var folder = Directory.CreateDirectory(Path.Combine(root, target.Table)).FullName;
        return Task.FromResult<IStage>(new PartStage(folder, "", name, objectsApart: true, end => end != StageEnd.Discarded));
    }

    /// <summary>Without a claim, another run may still commit its parts: only their age says that it will not.</summary>
    public Task CollectAsync(LoadTarget target, Guid current, CancellationToken cancellationToken) => Task.CompletedTask;

    public async IAsyncEnumerable<DestinationCheck> TestAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return new DestinationCheck("Write", Directory.Exists(root), root);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class FolderSession(FolderDestination owner, LoadTarget target) : IFileSession, IColumnTypes
{
    private readonly FolderLog _log = FolderLog.Create(owner.Root, target.Table);

    public IColumnTypes Types => this;

    StringComparer IColumnTypes.NameComparer => StringComparer.Ordinal;

    string IColumnTypes.LedgerName(string table) => table;

    string IColumnTypes.TypeName(FeedColumn column) => column.TypeName;

    bool IColumnTypes.Accepts(FeedColumn column, TableColumn existing) => column.TypeName == existing.Type;

    bool IColumnTypes.CanWiden(FeedColumn from, FeedColumn to) => false;

    public IReadOnlyList<string> Describe(TableFit fit, LoadSpec spec) => ["create the next log entry"];

    public Task<TableSnapshot> InspectAsync(CancellationToken cancellationToken)
    {
        var all = _log.Read();
        var own = all.Where(e => e.Feed == target.FeedId).ToList();
        var schema = own.LastOrDefault() is { } last ? SchemaJson.Read(last.Schema) : null;
        return Task.FromResult(new TableSnapshot
        {
            Exists = all.Count > 0,
            HasRows = FolderTable.Parts(all).Any(p => p.Rows > 0),
            Columns = [.. (schema?.Columns.Concat(AuditColumn.For(new LoadSpec { Mode = LoadMode.Append, Schema = schema })) ?? []).Select(c => new TableColumn(c.Name, c.TypeName, Required: false))],
            Ledger = own.Count == 0 ? null : new LedgerState(0, own[^1].Load.Sequence, own[^1].Load.Mode.ToString(), schema, own[^1].Signature, Holder(own[^1])),
            OtherFeeds = all.Where(e => e.Feed != target.FeedId).GroupBy(e => e.Feed).ToDictionary(g => g.Key, g => g.Last().Load.Mode.ToString()),
        });
    }

    public IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(string bucket, string from, LedgerTakeover? takeover, CancellationToken cancellationToken)
    {
        var newest = new Dictionary<string, LedgerEntry>(StringComparer.Ordinal);
        foreach (var entry in Own())
        {
            if (entry.Load.Mode == LoadMode.Replace)
                newest.Clear();
            foreach (var file in entry.Files.Where(f => f.Bucket == bucket))
                newest[file.Key] = new LedgerEntry(file.Key, file.ETag, file.Size);
        }
        return newest.Values.OrderBy(e => Convert.ToHexString(Encoding.UTF8.GetBytes(e.Key)), StringComparer.Ordinal).ToAsyncEnumerable();
    }

    public Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken) => Task.FromResult(Own().SingleOrDefault(e => e.Load.LoadId == loadId)?.Load);

    public Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<LoadRecord>>([.. Own().Where(e => e.Load.RunId == runId).Select(e => e.Load)]);

    public Task<long> CountRowsAsync(CancellationToken cancellationToken) => Task.FromResult(FolderTable.Parts(_log.Read()).Sum(p => p.Rows));

    public IAsyncEnumerable<TableRow> ReadRowsAsync(RowSelection selection, CancellationToken cancellationToken)
        => FolderTable.Rows(owner.Root, target.Table)
            .Select(r => new TableRow([.. r.Keys], [.. r.Values.Select(v => (object?)v.ToString())])).Take((int)selection.Limit).ToAsyncEnumerable();

    /// <summary>A run with nothing to do writes nothing: the commit itself is conditional.</summary>
    public async Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
        => new((await InspectAsync(cancellationToken)).Ledger, Epoch: 0);

    public Task ResetAsync(bool dropTable, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<RefusedStagedRow>> CopyAsync(StagedLoad files, LoadOrder order, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<RefusedStagedRow>>(
            [.. files.Parts.SelectMany(PartStage.Read).Select(r => (Row: r, Reason: owner.Refuse(r))).Where(r => r.Reason is not null)
                .Select(r => new RefusedStagedRow(r.Row.Ordinal, r.Row.Row, r.Reason!))]);

    public async Task<CommitResult> CommitAsync(StagedLoad files, LoadCommit commit, CancellationToken cancellationToken)
    {
        var parts = new List<FolderPart>();
        foreach (var part in owner.BeforeCommit(files).Parts)
        {
            var rows = PartStage.Read(part).ToList();
            if (rows.Count > 0)
                parts.Add(new FolderPart(Path.GetFileName(part.Uri), part.Checksum, rows.Count, rows[0].File));
        }
        var taken = parts.Sum(p => p.Rows);
        if (taken != commit.Load!.Rows) // check: count
            return new CommitResult.CountDiffers(taken);
        var all = _log.Read();
        var own = all.Where(e => e.Feed == target.FeedId).ToList();
        if (own.Find(e => e.Load.LoadId == commit.Load.LoadId) is { } landed) // check: load id
            return new CommitResult.Committed(landed.Load);
        if ((own.Count == 0 ? 0 : own[^1].Load.Sequence) != (commit.Expected.Ledger?.Sequence ?? 0)) // check: sequence
            return new CommitResult.Overtaken(Holder(own[^1]));
        if (all.Count > 0 != commit.Expected.Exists)
            return new CommitResult.TableChanged();

        var entry = new FolderEntry
        {
            Feed = target.FeedId,
            Load = commit.Load,
            Schema = SchemaJson.Write(commit.Schema),
            Signature = commit.Signature,
            Added = parts,
            Replaced = commit.Order.Spec.Mode == LoadMode.Replace ? null : await (commit.Preparation.Changed?.Invoke() ?? AsyncEnumerable.Empty<SourceObject>()).Select(o => o.Uri).ToListAsync(cancellationToken),
            Files = await commit.Files().Select(f => f.Source).Select(f => new FolderFile(f.Bucket, f.Key, f.ETag, f.Size)).ToListAsync(cancellationToken),
        };
        cancellationToken.ThrowIfCancellationRequested();
        commit.Order.Reached(CommitStep.Committing);
        // The number is taken by whoever comes first: then the log says by whom, and whether that matters.
        return await owner.Put(() => Task.FromResult(_log.TryAppend(all.Count + 1, entry))) ? new CommitResult.Committed(commit.Load) : Explain(commit);
    }

    public FaultKind Classify(Exception exception) => exception is IOException ? FaultKind.Transient : FaultKind.Unknown;

    public Exception Translate(Exception exception) => exception;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private CommitResult Explain(LoadCommit commit)
    {
        var own = Own().ToList();
        if (own.Find(e => e.Load.LoadId == commit.Load!.LoadId) is { } landed)
            return new CommitResult.Committed(landed.Load);
        return own.Count > 0 && own[^1].Load.Sequence != (commit.Expected.Ledger?.Sequence ?? 0) ? new CommitResult.Overtaken(Holder(own[^1])) : new CommitResult.TableChanged();
    }

    private IEnumerable<FolderEntry> Own() => _log.Read().Where(e => e.Feed == target.FeedId);

    private static RunHolder Holder(FolderEntry entry) => new(entry.Load.RunId, "a machine", 0, entry.Load.CommittedAt);
}

/// <summary>What a folder's log says is the table.</summary>
public static class FolderTable
{
    /// <summary>The parts of the table after all entries.</summary>
    public static IReadOnlyList<FolderPart> Parts(IEnumerable<FolderEntry> entries)
    {
        var parts = new List<(Guid Feed, FolderPart Part)>();
        foreach (var entry in entries)
        {
            parts.RemoveAll(p => p.Feed == entry.Feed && (entry.Replaced is null || entry.Replaced.Contains(p.Part.Object)));
            parts.AddRange(entry.Added.Select(p => (entry.Feed, p)));
        }
        return [.. parts.Select(p => p.Part)];
    }

    /// <summary>The rows of the table; throws when a part is missing or is not the one that was written.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, JsonElement>> Rows(string root, string table)
        => Parts(FolderLog.Create(root, table).Read()).SelectMany(p => PartStage.Read(
            new StagedPart(Path.Combine(root, table, p.Name), 0, p.Checksum, p.Rows, new FeedSchema([])))).Select(r => r.Values);
}
