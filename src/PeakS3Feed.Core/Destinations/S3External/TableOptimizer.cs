using System.Globalization;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Compacts small files of a table: writes the rows of several into one, and commits the exchange. What a load has removed meanwhile is left out.
/// </summary>
/// <param name="tables">The destination.</param>
/// <param name="folder">The table's folder.</param>
/// <param name="target">The feed and table.</param>
internal sealed class TableOptimizer(ExternalTables tables, IStagingArea folder, LoadTarget target)
{
    // The groups that are written side by side.
    private const int Lanes = 2;

    private readonly DeltaLog _log = tables.GetLog(folder);
    private readonly Guid _id = Guid.NewGuid();
    private int _number;

    /// <summary>Compacts the table.</summary>
    public async Task<TableMaintenanceResult> RunAsync(CancellationToken cancellationToken)
    {
        var nothing = new TableMaintenanceResult(0, 0);
        if (await _log.ReadAsync(null, cancellationToken) is not { } state)
            return nothing;
        if (state.IsAppendOnly)
            throw ExternalTableErrors.CannotCompact(target);
        var columns = TableColumns.Read(state.Metadata, target);
        var small = await _log.ReadFilesAsync(state, cancellationToken).Where(IsSmall).ToListAsync(cancellationToken);
        IReadOnlyList<Compaction> groups = [.. Group(small)];
        var written = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await Parallel.ForEachAsync(
                groups, new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = cancellationToken },
                async (group, c) =>
                {
                    group.Name = CreateName(group);
                    lock (written)
                        written.Add(group.Name);
                    group.Result = await WriteAsync(group, columns, c);
                });
            return await CommitAsync(state, groups, written, cancellationToken) ?? nothing;
        }
        finally
        {
            await DeleteAsync(written);
        }
    }

    // The outcome of the compaction matters more. A vacuum deletes what stays.
    private async Task DeleteAsync(HashSet<string> files)
    {
        try
        {
            await folder.DeleteAsync(files, CancellationToken.None);
        }
        catch (FeedException e)
        {
            tables.Logger.LogWarning("Files of a compaction that was not committed stay until a vacuum: {Reason}", e.Message);
        }
    }

    private bool IsSmall(DeltaAdd file) => file.Size < tables.Files.FileBytes * 3 / 4;

    // Small files of one partition, by age, until one file is full.
    private IEnumerable<Compaction> Group(IEnumerable<DeltaAdd> small)
    {
        foreach (var partition in small.GroupBy(f => PartitionKey(f), StringComparer.Ordinal))
        {
            var group = new List<DeltaAdd>();
            long bytes = 0;
            foreach (var file in partition.OrderBy(f => f.ModificationTime).ThenBy(f => f.Name, StringComparer.Ordinal))
            {
                if (group.Count > 0 && bytes + file.Size > tables.Files.FileBytes)
                {
                    if (group.Count > 1)
                        yield return new Compaction(group);
                    (group, bytes) = ([], 0);
                }
                group.Add(file);
                bytes += file.Size;
            }
            if (group.Count > 1)
                yield return new Compaction(group);
        }
    }

    // With the lengths, because a text may contain any separator.
    private static string PartitionKey(DeltaAdd file) => string.Concat(
        (file.PartitionValues ?? new Dictionary<string, string?>(StringComparer.Ordinal)).OrderBy(v => v.Key, StringComparer.Ordinal)
            .Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Value?.Length ?? 0};{v.Value}")));

    private string CreateName(Compaction group) => TableLayout.DataFile(
        new PartitionValues([.. group.Files[0].PartitionValues ?? new Dictionary<string, string?>(StringComparer.Ordinal)]).Folder, _id,
        Interlocked.Increment(ref _number), tables.CodecName);

    private async Task<ParquetFileInfo> WriteAsync(Compaction group, TableColumns columns, CancellationToken cancellationToken)
    {
        var inFiles = columns.InFiles();
        await using var writer = new ParquetFileWriter(folder.Create(group.Name), columns.GetFields(inFiles), tables.Files);
        foreach (var file in group.Files)
        {
            await using var reader = await TableFile.OpenAsync(folder, file.Name, file.Size, cancellationToken);
            await foreach (var rows in reader.ReadAsync(inFiles, cancellationToken))
                await writer.WriteAsync(rows.Columns, 0, rows.Count, cancellationToken);
        }
        return await writer.CompleteAsync(cancellationToken);
    }

    private async Task<TableMaintenanceResult?> CommitAsync(
        DeltaState state, IReadOnlyList<Compaction> groups, HashSet<string> written, CancellationToken cancellationToken)
    {
        while (groups.Count > 0)
        {
            var at = tables.Time.GetUtcNow().ToUnixTimeMilliseconds();
            var removed = groups.SelectMany(g => g.Files).Select(f => f.Remove(at, dataChange: false)).ToList();
            var added = groups.Select(g => g.Add(at)).ToList();
            var info = new DeltaCommitInfo("OPTIMIZE")
            {
                Metrics = new Dictionary<string, long>(StringComparer.Ordinal)
                {
                    ["numRemovedFiles"] = removed.Count, ["numAddedFiles"] = added.Count,
                },
            };
            // If the answer is lost, the entry may be in the log, so its files stay.
            written.ExceptWith(added.Select(a => a.Name));
            var result = await _log.TryCommitAsync(state.Version + 1, Guid.NewGuid(), [info, .. removed, .. added], CancellationToken.None);
            if (result is DeltaCommitted committed)
            {
                await new TableUpkeep(tables, folder, _log).RunAsync(state, committed.Version);
                return new TableMaintenanceResult(removed.Count, removed.Sum(r => r.Size ?? 0))
                {
                    FilesAdded = added.Count, BytesAdded = added.Sum(a => a.Size), Version = committed.Version,
                };
            }
            written.UnionWith(added.Select(a => a.Name));
            // The commits up to the version that the next attempt follows: no later one may be missed.
            var newest = await _log.ReadAsync(state, cancellationToken) ?? throw new InvalidOperationException("The table is gone.");
            var since = (await _log.ReadCommitsAsync(state.Version, cancellationToken)).Where(c => c.Version <= newest.Version);
            state = newest;
            // The work gives way: a group that a load has touched stays as the load has left it.
            var actions = since.SelectMany(c => c.Actions).ToList();
            if (actions.Any(a => a is DeltaMetadata or DeltaProtocol))
                return null;
            var gone = actions.OfType<DeltaRemove>().Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
            groups = [.. groups.Where(g => !g.Files.Any(f => gone.Contains(f.Name)))];
        }
        return null;
    }

    private sealed class Compaction(IReadOnlyList<DeltaAdd> files)
    {
        public IReadOnlyList<DeltaAdd> Files => files;

        public string Name { get; set; } = "";

        public ParquetFileInfo? Result { get; set; }

        public DeltaAdd Add(long at) => new()
        {
            Name = Name, PartitionValues = files[0].PartitionValues, Size = Result!.Bytes, ModificationTime = at, DataChange = false,
            Stats = DeltaStatistics.Write(Result.Rows, Result.Columns),
        };
    }
}
