namespace PeakS3Feed.RedshiftServer.Control;

/// <summary>A test asked for the end of the connection.</summary>
internal sealed class DroppedException : Exception;
