using Microsoft.Extensions.Logging;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations;

/// <summary>What a kind needs to open a destination.</summary>
/// <param name="StateDirectory">The folder that relative paths are relative to; absolute.</param>
/// <param name="Secrets">Resolves references to secrets.</param>
/// <param name="Loggers">Logs waiting and retries.</param>
public sealed record DestinationContext(string StateDirectory, ISecretResolver Secrets, ILoggerFactory Loggers);
