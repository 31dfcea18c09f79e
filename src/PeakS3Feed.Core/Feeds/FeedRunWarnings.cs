using PeakS3Feed.Errors;

namespace PeakS3Feed.Feeds;

/// <summary>The warnings of planning and running.</summary>
internal static class FeedRunWarnings
{
    /// <summary>A feed that has loaded nothing yet found only files without a row.</summary>
    public static FeedWarning NoRowYet(S3Feed feed, long files)
        => new FeedWarning("NoRowYet", $"Feed {feed.Name} found no row that it can load, so it created no table and stored no types.")
        {
            Count = files,
            Unit = "file",
            Hint = "The files remain to be loaded: each run reads them again until one has a row.",
        };
}
