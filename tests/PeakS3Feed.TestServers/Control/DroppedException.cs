namespace PeakS3Feed.TestServers.Control;

/// <summary>A test asked for the end of the connection.</summary>
public sealed class DroppedException : Exception;
