using System.Collections.Concurrent;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Prepares the files of a commit by copy on write: files of the table that hold rows which the load removes are written again without these rows,
/// and staged files again where rows are left out or keep values of the rows that they update. The files it reads stay as they are, so it can be done
/// again for a newer version of the table.
/// </summary>
/// <param name="table">The table's folder.</param>
/// <param name="stage">The staged load.</param>
/// <param name="columns">The table's columns after the commit, except those of partitions that no file has.</param>
internal sealed class TableMerge(IStagingArea table, TableStage stage, TableColumns columns)
{
    // So much of the removed rows stays in memory.
    private const long MemoryBytes = 16 * 1024 * 1024;

    private static readonly Dictionary<string, string?> NoValues = [];

    private readonly TableRewriter _rewriter = new(table, stage.Options.Files);

    /// <summary>Prepares the files.</summary>
    /// <param name="files">The table's active files.</param>
    /// <param name="matches">What finds the rows that the load removes; empty if it removes none.</param>
    /// <param name="duplicates">The staged rows that a later row of the load replaces, by staged file.</param>
    /// <param name="kept">The columns that updated rows keep.</param>
    /// <param name="reading">Receives how many files of the table are looked at so far, on any thread.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<MergedFiles> RunAsync(
        IAsyncEnumerable<DeltaAdd> files, IReadOnlyList<IRowMatch> matches, IReadOnlyDictionary<int, RowSet> duplicates,
        IReadOnlyList<FeedColumn> kept, Action<long> reading, CancellationToken cancellationToken)
    {
        using var carried = new CarriedValues(kept);
        var merged = new MergedFiles();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, stage.Lanes), CancellationToken = cancellationToken };
        if (matches.Count > 0)
        {
            using var removed = new RowValues<RemovedRow>(MemoryBytes);
            var candidates = await FindRemovedAsync(files, matches, removed, reading, options);
            foreach (var file in candidates)
                merged.Read.TryAdd(file.Name, true);
            await Parallel.ForEachAsync(
                candidates.Index().Where(f => removed.Has(f.Index)), options,
                async (file, c) => await RewriteAsync(file.Item, () => removed.Read(file.Index), carried, merged, c));
        }
        await Parallel.ForEachAsync(
            stage.Parts, options, async (part, c) => await AddAsync(part, duplicates.GetValueOrDefault(part.Number), carried, merged, c));
        return merged;
    }

    // Returns the files that were looked at. Their positions in the list are the numbers of the files whose rows are removed.
    private async Task<List<DeltaAdd>> FindRemovedAsync(
        IAsyncEnumerable<DeltaAdd> files, IReadOnlyList<IRowMatch> matches, RowValues<RemovedRow> removed, Action<long> reading,
        ParallelOptions options)
    {
        var candidates = await files.Where(f => matches.Any(m => m.MayMatch(f))).ToListAsync(options.CancellationToken);
        var searches = matches.Select(m => (Match: m, Search: m.Begin())).ToList();
        try
        {
            long count = 0;
            await Parallel.ForEachAsync(candidates.Index(), options, async (file, c) =>
            {
                reading(Interlocked.Increment(ref count));
                await using var reader = await TableFile.OpenAsync(table, file.Item.Name, file.Item.Size, c);
                foreach (var (match, search) in searches.Where(s => s.Match.MayMatch(file.Item)))
                {
                    var rows = FileRange.AddPartitions(reader.ReadAsync(match.Columns, c), match.Columns, file.Item);
                    await search.ReadAsync(file.Index, rows, removed);
                }
            });
            foreach (var (_, search) in searches)
                search.Complete(removed, options.CancellationToken);
        }
        finally
        {
            foreach (var (_, search) in searches)
                search.Dispose();
        }
        return candidates;
    }

    private async Task RewriteAsync(
        DeltaAdd file, Func<IEnumerable<RemovedRow>> read, CarriedValues carried, MergedFiles merged, CancellationToken cancellationToken)
    {
        var removed = new RowSet();
        var updates = false;
        foreach (var row in read())
        {
            removed.Add(row.At);
            updates |= row.IsUpdated;
        }
        var inFile = columns.InFiles();
        var to = stage.CreateName(new PartitionValues([.. file.PartitionValues ?? NoValues]));
        var createdAt = inFile.Index().FirstOrDefault(c => TableColumns.IsCreatedAt(c.Item), (-1, null!)).Index;
        int[] keptAt = [.. carried.Kept.Select(k => inFile.Index().First(c => c.Item.Name == k.Name).Index)];
        using var rest = new RowValueReader<RemovedRow>(read().Where(r => r.IsUpdated));
        var info = await _rewriter.CopyAsync(
            file.Name, file.Size, inFile, removed, to, columns.GetFields(inFile),
            rows =>
            {
                while (rest.TryTake(rows.First + rows.Count, out var update))
                {
                    carried.Add(
                        update, createdAt < 0 ? null : (FixedVector<long>)rows.Columns[createdAt], [.. keptAt.Select(k => rows.Columns[k])],
                        (int)(update.At - rows.First));
                }
                return rows.Columns;
            },
            readsAll: updates, cancellationToken);
        merged.Removed.Add(file);
        if (info is not null)
            merged.Add(to, file.PartitionValues ?? NoValues, info, isNew: false);
    }

    private async Task AddAsync(
        TablePart part, RowSet? duplicates, CarriedValues carried, MergedFiles merged, CancellationToken cancellationToken)
    {
        var removed = new RowSet();
        removed.UnionWith(part.Dropped);
        if (duplicates is not null)
            removed.UnionWith(duplicates);
        // The table may have been created by another feed since the file was staged, with other ids or names in another case.
        var fields = columns.GetFields(part.Fields.Select(f => f.Column));
        if (removed.Count == 0 && !carried.Has(part.Number) && fields.SequenceEqual(part.Fields))
        {
            merged.Add(part.Name, part.Partition.Values, part.Info!, isNew: true);
            return;
        }
        var to = stage.CreateName(part.Partition);
        using var updated = new UpdatedRows(carried, part, fields, columns);
        var info = await _rewriter.CopyAsync(
            part.Name, part.Info!.Bytes, [.. part.Fields.Select(f => f.Column)], removed, to, updated.Fields, updated.Edit, readsAll: false,
            cancellationToken);
        if (info is not null)
            merged.Add(to, part.Partition.Values, info, isNew: true);
    }
}

/// <summary>The files of a commit. Safe for concurrent use.</summary>
internal sealed class MergedFiles
{
    /// <summary>The files that the commit removes.</summary>
    public ConcurrentBag<DeltaAdd> Removed { get; } = [];

    /// <summary>The paths of the table's files whose rows were looked at.</summary>
    public ConcurrentDictionary<string, bool> Read { get; } = new(StringComparer.Ordinal);

    /// <summary>The files that the commit adds.</summary>
    public ConcurrentBag<MergedFile> Added { get; } = [];

    public void Add(string name, IEnumerable<KeyValuePair<string, string?>> partition, ParquetFileInfo info, bool isNew)
        => Added.Add(new MergedFile(name, partition.ToDictionary(StringComparer.Ordinal), info, isNew));
}

/// <summary>A file that a commit adds.</summary>
/// <param name="Name">Its name in the table's folder.</param>
/// <param name="Partition">The values of its partition columns.</param>
/// <param name="Info">Size, rows and bounds.</param>
/// <param name="IsNew">Whether it holds rows of the load; otherwise it is the copy of a file without some of its rows.</param>
internal sealed record MergedFile(string Name, IReadOnlyDictionary<string, string?> Partition, ParquetFileInfo Info, bool IsNew);
