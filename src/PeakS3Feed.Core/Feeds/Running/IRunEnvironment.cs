using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>What a run needs of the store.</summary>
public interface IRunEnvironment
{
    /// <summary>
    /// Reads the feed as it is now. A run does this once it has the feed's lock, because somebody may have edited the feed while the run waited for
    /// it.
    /// </summary>
    Task<IRunAccess> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The names of the store's feeds by their ids; null where they are unknown.</summary>
    Task<IReadOnlyDictionary<Guid, string>?> FindFeedNamesAsync(CancellationToken cancellationToken);

    /// <summary>Writes the schema and the separator that a commit determined into the feed's definition.</summary>
    Task SaveFeedAsync(S3Feed feed, CancellationToken cancellationToken);
}

/// <summary>A feed, its connection and its destinations, as the definitions were at one moment.</summary>
public interface IRunAccess
{
    /// <summary>The feed.</summary>
    S3Feed Feed { get; }

    /// <summary>The feed's connection.</summary>
    S3Connection Connection { get; }

    /// <summary>Throws if the connection is not verified and its test fails. The run then ends with this error.</summary>
    Task VerifyAsync(CancellationToken cancellationToken);

    /// <summary>Opens the connection's objects.</summary>
    IObjectSource OpenSource(SourceIdentity identity);

    /// <summary>Returns the keys of the objects that the run considers, in the order of their bytes; null for all that a listing finds.</summary>
    Task<IReadOnlyList<string>?> FindAnnouncedAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>?>(null);

    /// <summary>Opens one of the feed's destinations.</summary>
    Task<IDestination> OpenDestinationAsync(string name, CancellationToken cancellationToken);
}

/// <summary>What all runs of a process share.</summary>
public sealed record FeedRunnerOptions
{
    /// <summary>Where runs and rejects are written.</summary>
    public required RunHistory History { get; init; }

    /// <summary>Logs retries and skipped files.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>The memory that a run shares with other runs of its process.</summary>
    internal ReadingBudget Memory { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a commit is tried again.</summary>
    public CommitRetry Retry { get; init; } = new();

    /// <summary>The callback for each step of the commit protocol; or null.</summary>
    public ICommitObserver? Observer { get; init; }
}
