using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>A folder of tables on S3 as a destination.</summary>
/// <param name="definition">The definition.</param>
/// <param name="root">The folder; owned.</param>
/// <param name="loggers">Logs waiting and retries.</param>
/// <param name="time">The clock.</param>
internal sealed class ExternalTables(S3ExternalDestination definition, IStagingArea root, ILoggerFactory loggers, TimeProvider time)
    : IStagingDestination, ITableMaintenance
{
    private const long Mebi = 1024 * 1024;

    private readonly ILogger _logger = loggers.CreateLogger("PeakS3Feed.Destinations");
    private readonly ConcurrentDictionary<LoadName, TableStage> _stages = new();

    public DestinationCapabilities Capabilities { get; } = new()
    {
        ValueLimits = new ValueLimits { MaxNameBytes = TableTypes.MaxNameBytes },
        EnforcesKeys = false,
        Renames = false,
        Partitions = true,
    };

    public string Location => root.Location;

    /// <summary>The form of data files.</summary>
    public ParquetOptions Files { get; } = new(definition.Compression, definition.RowGroupSizeMiB * Mebi, definition.FileSizeMiB * Mebi);

    /// <summary>The codec in the names of data files.</summary>
    public string CodecName => Files.Compression == ParquetCompression.Snappy ? "snappy" : "zstd";

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Logs what needs no attention.</summary>
    public ILogger Logger => _logger;

    /// <summary>Whether a manifest for Redshift Spectrum is kept.</summary>
    public bool HasManifest => definition.SpectrumManifest;

    /// <summary>Opens a session. Makes no request yet.</summary>
    public Task<ITableSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        TableLayout.ThrowIfInvalid(target);
        return Task.FromResult<ITableSession>(new TableSession(this, GetFolder(target), target));
    }

    public async Task<IStage> OpenStageAsync(
        LoadTarget target, LoadSpec spec, LoadStamp stamp, LoadName name, CancellationToken cancellationToken)
    {
        var folder = GetFolder(target);
        var state = await GetLog(folder).ReadAsync(null, cancellationToken);
        var columns = state is null ? TableColumns.None(target) : TableColumns.Read(state.Metadata, target);
        var fields = new TableFields(columns.Ids, target);
        columns.ThrowIfPartitionsDiffer(spec.PartitionBy);
        var options = new TableStageOptions(Files, spec, stamp, fields, CodecName);
        return _stages[name] = new TableStage(folder, target, name, options, () => _stages.TryRemove(name, out _));
    }

    /// <summary>
    /// Does nothing: without a claim, another run may still commit its files. Vacuum deletes those that none has committed for days.
    /// </summary>
    public Task CollectAsync(LoadTarget target, Guid current, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Reads the columns of a table from its log; null if there is no table.</summary>
    public async Task<TableColumns?> FindColumnsAsync(LoadTarget target, CancellationToken cancellationToken)
        => await GetLog(GetFolder(target)).ReadAsync(null, cancellationToken) is { } state ? TableColumns.Read(state.Metadata, target) : null;

    public Task<TableMaintenanceResult> OptimizeAsync(LoadTarget target, CancellationToken cancellationToken)
        => new TableOptimizer(this, GetFolder(target), target).RunAsync(cancellationToken);

    public Task<TableVacuumResult> VacuumAsync(LoadTarget target, TimeSpan olderThan, bool dryRun, CancellationToken cancellationToken)
        => new TableVacuum(this, GetFolder(target), target).RunAsync(olderThan, dryRun, cancellationToken);

    public IAsyncEnumerable<DestinationCheck> TestAsync(CancellationToken cancellationToken)
        => new ExternalTablesTest(definition, root, _logger).RunAsync(cancellationToken);

    public ValueTask DisposeAsync() => root.DisposeAsync();

    /// <summary>Returns the open stage of a load.</summary>
    public TableStage FindStage(LoadName name)
        => _stages.TryGetValue(name, out var stage) ? stage : throw new InvalidOperationException($"Load {name} has no open stage.");

    /// <summary>Returns the log of a table.</summary>
    public DeltaLog GetLog(IStagingArea folder) => new(folder, _logger, time);

    private IStagingArea GetFolder(LoadTarget target) => root.Below(TableLayout.Folder(target.Table));
}
