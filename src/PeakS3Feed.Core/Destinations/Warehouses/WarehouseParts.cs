using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>
/// What all sessions with one warehouse share: its names and statements, the place for staged files, and the stages that are open. Safe for
/// concurrent use.
/// </summary>
/// <param name="dialect">Names and types.</param>
/// <param name="syntax">The statements that differ between warehouses.</param>
/// <param name="area">The place for staged files.</param>
/// <param name="options">The form of staged files; the prefix comes from here.</param>
/// <param name="logger">Logs waiting and retries.</param>
/// <param name="time">The clock.</param>
internal sealed class WarehouseParts(
    WarehouseDialect dialect, WarehouseSyntax syntax, IStagingArea area, CsvStageOptions options, ILogger logger, TimeProvider time)
{
    private readonly ConcurrentDictionary<LoadName, WarehouseStage> _stages = new();
    private int _number;

    public WarehouseDialect Dialect => dialect;

    public WarehouseSyntax Syntax => syntax;

    public IStagingArea Area => area;

    public ILogger Logger => logger;

    public TimeProvider Time => time;

    /// <summary>The names of the tables that a feed and table have of their own.</summary>
    public WarehouseNames Names(LoadTarget target) => new(target, dialect.LedgerName(target.Table));

    /// <summary>Opens an empty stage. Its files have names that no earlier stage had: a COPY may still read those.</summary>
    /// <param name="target">The feed and table.</param>
    /// <param name="name">The load.</param>
    /// <param name="drop">Drops staging tables that the load leaves.</param>
    public WarehouseStage OpenStage(LoadTarget target, LoadName name, Func<IReadOnlyCollection<string>, Task> drop)
    {
        var prefix = $"{Names(target).Stages}/{name}-{Interlocked.Increment(ref _number)}/";
        var files = new CsvStage(area, name, options with { Prefix = prefix });
        return _stages[name] = new WarehouseStage(files, drop, () => _stages.TryRemove(name, out _));
    }

    /// <summary>Returns the open stage of a load.</summary>
    public WarehouseStage FindStage(LoadName name)
        => _stages.TryGetValue(name, out var stage) ? stage : throw new InvalidOperationException($"Load {name} has no open stage.");
}
