namespace PeakS3Feed.Files;

/// <summary>The syntax of paths.</summary>
public enum PathStyle
{
    /// <summary>/data/incoming.</summary>
    Posix,

    /// <summary>C:\data\incoming, \\server\share\incoming, or \data\incoming on the current drive; with / for \ too.</summary>
    Windows,
}
