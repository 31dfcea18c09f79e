namespace PeakS3Feed.Watchers;

/// <summary>A suggested command, for PowerShell and for a shell.</summary>
internal sealed record WatcherCommand(string PowerShell, string? Shell);
