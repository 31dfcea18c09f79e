using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>What all sessions with one warehouse share: the definition, the place for staged files, and the stages that are open.</summary>
internal sealed class RedshiftParts(
    RedshiftDestination definition, IStagingArea area, RedshiftErrors errors, ILogger logger, TimeProvider time)
{
    private readonly ConcurrentDictionary<LoadName, RedshiftStage> _stages = new();
    private int _number;

    public RedshiftDestination Definition => definition;

    public IStagingArea Area => area;

    public RedshiftErrors Errors => errors;

    public ILogger Logger => logger;

    public TimeProvider Time => time;

    public RedshiftDialect Dialect { get; } = new(definition.Schema);

    /// <summary>The names of the tables that a feed and table have of their own.</summary>
    public RedshiftNames Names(LoadTarget target) => new(target, Dialect.LedgerName(target.Table));

    /// <summary>Opens an empty stage. Its files have names that no earlier stage had: a COPY may still read those.</summary>
    /// <param name="target">The feed and table.</param>
    /// <param name="name">The load.</param>
    /// <param name="drop">Drops staging tables that the load leaves.</param>
    public RedshiftStage OpenStage(LoadTarget target, LoadName name, Func<IReadOnlyCollection<string>, Task> drop)
    {
        var prefix = $"{Names(target).Stages}/{name}-{Interlocked.Increment(ref _number)}/";
        var options = new CsvStageOptions(prefix, definition.PartSizeMiB * 1024L * 1024) { Slices = definition.SliceCount };
        return _stages[name] = new RedshiftStage(new CsvStage(area, name, options), drop, () => _stages.TryRemove(name, out _));
    }

    /// <summary>Returns the open stage of a load.</summary>
    public RedshiftStage FindStage(LoadName name)
        => _stages.TryGetValue(name, out var stage) ? stage : throw new InvalidOperationException($"Load {name} has no open stage.");

    public RedshiftTables Tables(IRedshiftChannel channel, LoadTarget target) => new(channel, Dialect, definition, target);

    public RedshiftCopy Copy(IRedshiftChannel channel) => new(channel, this);
}
