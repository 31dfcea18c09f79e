namespace PeakS3Feed.Watchers;

/// <summary>A command to look further, in both tongues.</summary>
internal sealed record WatcherCommand(string PowerShell, string? Shell);
