using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Stages the rows of one load as data files of the table. Each lane writes files of its own, one after the other, or one for each partition. No
/// reader sees a file before a commit names it.
/// </summary>
/// <param name="table">The table's folder.</param>
/// <param name="target">The feed and table.</param>
/// <param name="name">The load.</param>
/// <param name="options">How it is staged.</param>
/// <param name="closed">Is called when the stage is closed.</param>
internal sealed class TableStage(IStagingArea table, LoadTarget target, LoadName name, TableStageOptions options, Action closed) : IStage
{
    private const long MinRowGroupBytes = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Guid _id = Guid.NewGuid();
    private readonly List<TablePart> _parts = [];
    private readonly HashSet<string> _written = new(StringComparer.Ordinal); // files that may exist
    private readonly HashSet<string> _inDoubt = new(StringComparer.Ordinal); // files of earlier commits whose outcome stayed unknown
    private HashSet<string> _sent = []; // files of the last commit, which landed or may have landed
    private readonly ParquetOptions _partFiles = options.Spec.PartitionBy.Count == 0
        ? options.Files
        : options.Files with { RowGroupBytes = Math.Max(MinRowGroupBytes, options.Files.RowGroupBytes / TableStageLane.MaxOpenFiles) };
    private readonly ScratchPool _scratch = new();
    private int _number;
    private int _partNumber = -1;
    private int _lanes;

    /// <summary>How the load is staged.</summary>
    public TableStageOptions Options => options;

    /// <summary>The feed and table.</summary>
    public LoadTarget Target => target;

    /// <summary>The keys of all staged rows; null unless the load is an Upsert.</summary>
    public KeyIndex? Keys { get; } = options.Spec.Mode == LoadMode.Upsert ? new KeyIndex() : null;

    /// <summary>Which rows of which objects the staged rows are.</summary>
    public RowRuns Runs { get; } = new();

    /// <summary>The complete files that hold at least one row to load.</summary>
    public IReadOnlyList<TablePart> Parts
    {
        get
        {
            lock (_lock)
                return [.. _parts.Where(p => p.LoadedRows > 0)];
        }
    }

    /// <summary>The rows that are not loaded, by the number of their file. Files without any row to load are included.</summary>
    public IReadOnlyDictionary<int, RowSet> Dropped
    {
        get
        {
            lock (_lock)
                return _parts.Where(p => p.Dropped.Count > 0).ToDictionary(p => p.Number, p => p.Dropped);
        }
    }

    /// <summary>How many lanes were opened. As many files are rewritten side by side.</summary>
    public int Lanes => _lanes;

    public IRowSink OpenLane()
    {
        Interlocked.Increment(ref _lanes);
        return new TableStageLane(this);
    }

    public Task<StagedLoad> FinishAsync(CancellationToken cancellationToken) => Task.FromResult(Describe());

    public Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken)
    {
        var sorted = rows.Select(r => new RowOrigin(r.Ordinal, r.Row)).Order().ToList();
        foreach (var part in _parts)
            part.Drop(sorted);
        return Task.FromResult(Describe());
    }

    /// <summary>Deletes the files that no commit names, and none may name: a request that nobody answered may still arrive.</summary>
    public async Task CloseAsync(StageEnd end)
    {
        closed();
        Keys?.Dispose();
        Runs.Dispose();
        if (end != StageEnd.InDoubt)
            await table.DeleteAsync([.. _written.Where(f => !_sent.Contains(f) && !_inDoubt.Contains(f))], CancellationToken.None);
    }

    /// <summary>Returns a new file's name.</summary>
    public string CreateName(PartitionValues partition)
    {
        var file = TableLayout.DataFile(partition.Folder, _id, Interlocked.Increment(ref _number), options.CodecName);
        lock (_lock)
            _written.Add(file);
        return file;
    }

    /// <summary>Begins a file for rows of the load.</summary>
    internal TablePartWriter CreatePart(IReadOnlyList<ParquetField> fields, PartitionValues partition)
    {
        var file = CreateName(partition);
        var part = new TablePart(Interlocked.Increment(ref _partNumber), file, fields, partition, Runs);
        return new TablePartWriter(part, new ParquetFileWriter(table.Create(file), fields, _partFiles with { Tasks = Lanes }, _scratch));
    }

    /// <summary>Adds a complete file.</summary>
    internal void Add(TablePart part)
    {
        lock (_lock)
            _parts.Add(part);
    }

    /// <summary>Records that a commit which names these files is about to be sent.</summary>
    internal void Sending(IEnumerable<string> files)
    {
        _inDoubt.UnionWith(_sent);
        _sent = files.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Records that this commit certainly did not land. An earlier one that names the same files may have.</summary>
    internal void NotLanded() => _sent = [];

    private StagedLoad Describe() => new(
        name,
        [.. Parts.Select(p => new StagedPart(table.GetUri(p.Name), p.Info!.Bytes, Checksum: "", p.LoadedRows, options.Spec.Schema))]);
}

/// <summary>Writes one data file.</summary>
internal sealed class TablePartWriter(TablePart part, ParquetFileWriter file) : IAsyncDisposable
{
    public TablePart Part => part;

    /// <summary>The number of the batch that last had rows for the file.</summary>
    public long LastBatch { get; set; }

    public ParquetFileWriter File => file;

    public async Task CompleteAsync(CancellationToken cancellationToken) => part.Complete(await file.CompleteAsync(cancellationToken));

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
