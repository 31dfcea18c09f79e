namespace PeakS3Feed.Store;

/// <summary>A definitions file that could not be read and was renamed.</summary>
/// <param name="Path">Its new path.</param>
/// <param name="Reason">The problem, with line and column if known.</param>
public sealed record SetAsideFile(string Path, string Reason);
