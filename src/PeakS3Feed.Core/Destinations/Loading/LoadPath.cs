namespace PeakS3Feed.Destinations.Loading;

/// <summary>How the rows of objects reach a warehouse.</summary>
public enum LoadPath
{
    /// <summary>Direct where the feed and the warehouse allow it, and Staged everywhere else.</summary>
    Auto,

    /// <summary>This program reads the objects and stages their rows as files, which the warehouse loads.</summary>
    Staged,

    /// <summary>The warehouse loads the objects itself. A feed for which that is impossible is an error.</summary>
    Direct,
}
