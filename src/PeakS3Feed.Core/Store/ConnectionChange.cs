using PeakS3Feed.Connections;

namespace PeakS3Feed.Store;

/// <summary>The result of an edit of a connection.</summary>
/// <param name="Before">The connection before.</param>
/// <param name="Connection">The connection as it is now.</param>
/// <param name="OutdatesPolicy">Whether the policy created for the connection no longer covers it, so that the role needs a new one.</param>
public sealed record ConnectionChange(S3Connection Before, S3Connection Connection, bool OutdatesPolicy);
