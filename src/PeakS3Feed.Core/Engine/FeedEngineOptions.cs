using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Engine;

/// <summary>The options of an engine.</summary>
public sealed record FeedEngineOptions
{
    /// <summary>Makes the loggers.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The kinds of destination; by default those of the core.</summary>
    public DestinationKinds Kinds { get; init; } = BuiltInDestinations.Kinds;

    /// <summary>Resolves references to secrets.</summary>
    public ISecretResolver Secrets { get; init; } = new SecretResolver();

    /// <summary>How long a commit is tried again when the destination goes away.</summary>
    public CommitRetry Retry { get; init; } = new();

    /// <summary>Is called at each step of the commit protocol; or null.</summary>
    public ICommitObserver? Observer { get; init; }

    /// <summary>Opens a queue with the credentials of a connection; null for the engine's own way.</summary>
    internal Func<string, S3Connection, IQueueClient>? OpenQueue { get; init; }
}
