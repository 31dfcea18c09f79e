using PeakS3Feed.Errors;

namespace PeakS3Feed.Feeds;

/// <summary>The warnings of planning and running.</summary>
internal static class FeedRunWarnings
{
    /// <summary>A feed that has loaded nothing yet met files without a row.</summary>
    public static FeedWarning NoRowYet(S3Feed feed, long files)
        => new FeedWarning("NoRowYet", $"Feed {feed.Name} found no row that can be loaded, so it made no table and keeps no types.")
        {
            Count = files,
            Unit = "file",
            Hint = "The files stay to be loaded: they are read again until one with a row comes.",
        };
}
