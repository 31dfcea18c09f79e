namespace PeakS3Feed.Store;

/// <summary>A definitions file that could not be read and was moved out of the way.</summary>
/// <param name="Path">Where it is now.</param>
/// <param name="Reason">What was wrong with it, with line and column where known.</param>
public sealed record SetAsideFile(string Path, string Reason);
