using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>What a run is put together from.</summary>
public sealed record FeedRunnerParts
{
    /// <summary>Where runs and rejects are written.</summary>
    public required RunHistory History { get; init; }

    /// <summary>
    /// Reads the feed and its connection anew; asked once the feed's lock is held, for somebody may have edited them while it was waited
    /// for. Null when they cannot change.
    /// </summary>
    public Func<CancellationToken, Task<(S3Feed Feed, S3Connection Connection)>>? Reread { get; init; }

    /// <summary>Throws when the connection does not let the run in; null when that is known. A refusal is how the run ends.</summary>
    public Func<S3Connection, CancellationToken, Task>? Verify { get; init; }

    /// <summary>Opens the connection's objects for a run.</summary>
    public required Func<S3Connection, SourceIdentity, IObjectSource> OpenSource { get; init; }

    /// <summary>Opens the destination.</summary>
    public required Func<CancellationToken, Task<IDestination>> OpenDestination { get; init; }

    /// <summary>The names of the store's feeds by their ids; null where they are not known.</summary>
    public Func<CancellationToken, Task<IReadOnlyDictionary<Guid, string>>>? KnownFeeds { get; init; }

    /// <summary>Writes what a commit made of the feed (schema, separator) into its definition.</summary>
    public required Func<S3Feed, CancellationToken, Task> SaveFeed { get; init; }

    /// <summary>The memory that the run shares with other runs of its process.</summary>
    internal ReadingBudget Memory { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Is told what happens.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>How long a commit is tried again.</summary>
    public CommitRetry Retry { get; init; } = new();

    /// <summary>Is told of each step of the commit protocol, or null.</summary>
    public ICommitObserver? Observer { get; init; }
}
