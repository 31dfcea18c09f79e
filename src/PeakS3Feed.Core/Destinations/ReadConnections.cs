using PeakS3Feed.Connections;

namespace PeakS3Feed.Destinations;

/// <summary>The connections whose objects the role of a destination reads.</summary>
/// <param name="Staging">The connection that takes staged files.</param>
/// <param name="Sources">Connections of feeds whose objects the destination may load itself; empty if there are none.</param>
public sealed record ReadConnections(S3Connection Staging, IReadOnlyList<S3Connection> Sources);
