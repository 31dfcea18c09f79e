using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Prepares the data files that a commit adds and removes.</summary>
/// <param name="folder">The table's folder.</param>
/// <param name="log">The table's log.</param>
/// <param name="commit">The commit.</param>
/// <param name="stage">The staged load.</param>
/// <param name="time">The clock.</param>
internal sealed class CommitFiles(IStagingArea folder, DeltaLog log, LoadCommit commit, TableStage stage, TimeProvider time)
{
    private readonly LoadSpec _spec = commit.Order.Spec;
    private Dictionary<int, RowSet>? _duplicates;
    private KeyRange? _keys;
    private (HashSet<UInt128> Hashes, KeyRange Range)? _changed;

    /// <summary>Prepares the files for a version of the table. What an earlier call has written for another version is not used.</summary>
    /// <param name="state">The version; null if there is no table.</param>
    /// <param name="columns">The table's columns after the commit.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<PreparedFiles> PrepareAsync(DeltaState? state, TableColumns columns, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow().ToUnixTimeMilliseconds();
        var replaces = _spec.Mode == LoadMode.Replace;
        var matches = replaces || state is null ? [] : await FindMatchesAsync(columns, cancellationToken);
        if (_spec.Mode == LoadMode.Upsert)
            _duplicates ??= FindDuplicates();
        var files = state is null ? AsyncEnumerable.Empty<DeltaAdd>() : log.ReadFilesAsync(state, cancellationToken);
        var merged = await new TableMerge(folder, stage, columns).RunAsync(
            files, matches, _duplicates ?? [], _spec.Mode == LoadMode.Upsert ? columns.FindKept(commit.Schema, _spec) : [], commit.Order.Merging,
            cancellationToken);
        commit.Order.Merging(0);
        var removed = replaces ? await files.Select(f => f.Remove(at)).ToListAsync(cancellationToken) : [.. merged.Removed.Select(f => f.Remove(at))];
        return new PreparedFiles(merged, removed, [.. merged.Added.Select(f => Describe(f, at))], matches) { Replaces = replaces };
    }

    private static DeltaAdd Describe(MergedFile file, long at) => new()
    {
        Name = file.Name, PartitionValues = file.Partition, Size = file.Info.Bytes, ModificationTime = at,
        Stats = DeltaStatistics.Write(file.Info.Rows, file.Info.Columns),
    };

    private Dictionary<int, RowSet> FindDuplicates()
    {
        var dropped = stage.Dropped;
        return stage.Keys!.FindDuplicates(k => dropped.TryGetValue(k.Part, out var rows) && rows.Contains(k.At));
    }

    private async Task<IReadOnlyList<IRowMatch>> FindMatchesAsync(TableColumns columns, CancellationToken cancellationToken)
    {
        var matches = new List<IRowMatch>();
        if (_spec.Mode == LoadMode.Upsert && stage.Parts.Count > 0)
        {
            _duplicates ??= FindDuplicates();
            var key = _spec.Key.Select(columns.Find).ToList();
            matches.Add(new KeyMatch(stage.Keys!, key, _keys ??= KeyRange.From(stage.Parts, key)));
        }
        if (commit.Preparation.Changed is { } changed && columns.FindOrNull(AuditColumn.FileName.Name) is { } fileName)
        {
            _changed ??= await ReadChangedAsync(changed(), fileName, cancellationToken);
            if (_changed.Value.Hashes.Count > 0)
                matches.Add(new ObjectMatch(_changed.Value.Hashes, fileName, _changed.Value.Range));
        }
        return matches;
    }

    private static async Task<(HashSet<UInt128> Hashes, KeyRange Range)> ReadChangedAsync(
        IAsyncEnumerable<SourceObject> changed, FeedColumn column, CancellationToken cancellationToken)
    {
        var hashes = new HashSet<UInt128>();
        var range = new TextRange();
        await foreach (var item in changed.WithCancellation(cancellationToken))
        {
            var name = System.Text.Encoding.UTF8.GetBytes(item.Uri);
            hashes.Add(KeyHasher.Hash(name));
            range.Add(name);
        }
        return (hashes, range.For(column));
    }
}

/// <summary>The files of a commit, for one version of the table.</summary>
/// <param name="Merged">What copy on write has made.</param>
/// <param name="Removed">The actions that remove files.</param>
/// <param name="Added">The actions that add files.</param>
/// <param name="Matches">What found the rows that the load removes.</param>
internal sealed record PreparedFiles(
    MergedFiles Merged, IReadOnlyList<DeltaRemove> Removed, IReadOnlyList<DeltaAdd> Added, IReadOnlyList<IRowMatch> Matches)
{
    /// <summary>Whether the commit removes all files of the table.</summary>
    public bool Replaces { get; init; }

    /// <summary>The names of the files that the commit adds.</summary>
    public IEnumerable<string> Names => Added.Select(a => a.Name);
}
