using Microsoft.Extensions.Logging;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Serving;

/// <summary>What a <see cref="FireRunner"/> works with.</summary>
internal sealed record FireRunnerParts
{
    /// <summary>The fires.</summary>
    public required FireLog Log { get; init; }

    /// <summary>The definitions.</summary>
    public required DefinitionStore Store { get; init; }

    /// <summary>The folder of locks.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Runs a feed of that name.</summary>
    public required Func<string, RunOptions, CancellationToken, Task<RunResult>> Run { get; init; }

    /// <summary>Writes down a run of that id that could not begin.</summary>
    public required Func<S3Feed, Guid, Exception, Task<RunResult>> Failed { get; init; }

    /// <summary>Is told of each run that has ended.</summary>
    public Action<RunResult> OnEnded { get; init; } = _ => { };

    /// <summary>How many feeds are run at a time.</summary>
    public int MostRuns { get; init; } = 4;

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Is told of trouble.</summary>
    public required ILogger Logger { get; init; }
}
