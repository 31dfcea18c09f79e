using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations;

/// <summary>What a kind needs to open a destination.</summary>
/// <param name="StateDirectory">The folder that relative paths are relative to; absolute.</param>
/// <param name="Secrets">Resolves references to secrets.</param>
/// <param name="Loggers">Logs waiting and retries.</param>
public sealed record DestinationContext(string StateDirectory, ISecretResolver Secrets, ILoggerFactory Loggers)
{
    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The limits for repeated calls to S3; null for those of runs.</summary>
    internal RetryBudget? Budget { get; init; }

    /// <summary>Finds the connections that definitions name. By default there are none.</summary>
    public ConnectionFinder FindConnectionAsync { get; init; }
        = (name, _) => throw DefinitionErrors.NotFound("Connection", name, []);
}

/// <summary>Finds a connection that a destination names, and checks that the destination can use it.</summary>
/// <param name="name">The name.</param>
/// <param name="cancellationToken">Cancels.</param>
/// <exception cref="FeedException"><c>ConnectionNotFound</c>, <c>ConnectionInvalid</c>, <c>DestinationInvalid</c>.</exception>
public delegate Task<ConnectionAccess> ConnectionFinder(string name, CancellationToken cancellationToken);

/// <summary>A connection that a destination names.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="AccessKey">Base credentials for this run only, instead of the profile or the default chain; or null.</param>
public sealed record ConnectionAccess(S3Connection Connection, AccessKey? AccessKey = null);
