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
    private static readonly Dictionary<string, string?> NoValues = [];

    private readonly TableRewriter _rewriter = new(table, stage.Options.Files);

    /// <summary>Prepares the files.</summary>
    /// <param name="files">The table's active files.</param>
    /// <param name="matches">What finds the rows that the load removes; empty if it removes none.</param>
    /// <param name="duplicates">The staged rows that a later row of the load replaces, by staged file.</param>
    /// <param name="kept">The columns that updated rows keep.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<MergedFiles> RunAsync(
        IAsyncEnumerable<DeltaAdd> files, IReadOnlyList<IRowMatch> matches, IReadOnlyDictionary<int, RowSet> duplicates, IReadOnlyList<FeedColumn> kept,
        CancellationToken cancellationToken)
    {
        var parts = stage.Parts;
        using var carried = new CarriedValues(parts.Select(p => p.Number + 1).DefaultIfEmpty().Max(), kept);
        var merged = new MergedFiles();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, stage.Lanes), CancellationToken = cancellationToken };
        if (matches.Count > 0)
        {
            await Parallel.ForEachAsync(
                files.Where(f => matches.Any(m => m.MayMatch(f))), options,
                async (file, c) => await RewriteAsync(file, matches, carried, merged, c));
        }
        await Parallel.ForEachAsync(
            parts, options, async (part, c) => await AddAsync(part, duplicates.GetValueOrDefault(part.Number), carried, merged, c));
        return merged;
    }

    private async Task RewriteAsync(
        DeltaAdd file, IReadOnlyList<IRowMatch> matches, CarriedValues carried, MergedFiles merged, CancellationToken cancellationToken)
    {
        merged.Read.TryAdd(file.Name, true);
        var found = await FindAsync(file, matches, cancellationToken);
        if (found.Removed.Count == 0)
            return;
        var inFile = columns.InFiles();
        var next = 0;
        var to = stage.CreateName(new PartitionValues([.. file.PartitionValues ?? NoValues]));
        var createdAt = inFile.Index().FirstOrDefault(c => TableColumns.IsCreatedAt(c.Item), (-1, null!)).Index;
        int[] keptAt = [.. carried.Kept.Select(k => inFile.Index().First(c => c.Item.Name == k.Name).Index)];
        var info = await _rewriter.CopyAsync(
            file.Name, file.Size, inFile, found.Removed, to, columns.GetFields(inFile),
            rows =>
            {
                for (; next < found.Updates.Count && found.Updates[next].At < rows.First + rows.Count; next++)
                {
                    carried.Add(
                        found.Updates[next], createdAt < 0 ? null : (FixedVector<long>)rows.Columns[createdAt], [.. keptAt.Select(k => rows.Columns[k])],
                        (int)(found.Updates[next].At - rows.First));
                }
                return rows.Columns;
            },
            readsAll: found.Updates.Count > 0, cancellationToken);
        merged.Removed.Add(file);
        if (info is not null)
            merged.Add(to, file.PartitionValues ?? NoValues, info, isNew: false);
    }

    private async Task<RowMatches> FindAsync(DeltaAdd file, IReadOnlyList<IRowMatch> matches, CancellationToken cancellationToken)
    {
        var all = new RowMatches();
        await using var reader = await TableFile.OpenAsync(table, file.Name, file.Size, cancellationToken);
        foreach (var match in matches.Where(m => m.MayMatch(file)))
        {
            var rows = FileRange.AddPartitions(reader.ReadAsync(match.Columns, cancellationToken), match.Columns, file);
            var found = await match.FindAsync(rows);
            all.Removed.UnionWith(found.Removed);
            all.Updates.AddRange(found.Updates);
        }
        return all;
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
        var updated = new UpdatedRows(carried, part, fields, columns);
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
