using PeakS3Feed.Errors;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Feeds;

/// <summary>The warnings of planning and running.</summary>
internal static class FeedRunWarnings
{
    /// <summary>The sampled files have no row, so that there is no column yet.</summary>
    public static FeedWarning NoColumnYet(S3Feed feed, SampledSchema sampled)
        => new FeedWarning("NoColumnYet", $"The sampled files of feed {feed.Name} have no row ({Cause(feed)}), so there is no column and no table yet.")
        {
            Position = new SourcePosition(sampled.Sampled[0].Uri),
            Hint = "The files stay to be loaded: the first one with a row brings the columns.",
        };

    /// <summary>A feed that has loaded nothing yet met files without a row.</summary>
    public static FeedWarning NoRowYet(S3Feed feed, long files)
        => new FeedWarning("NoRowYet", $"Feed {feed.Name} found no row that can be loaded, so it made no table and keeps no types.")
        {
            Count = files,
            Unit = "file",
            Hint = "The files stay to be loaded: they are read again until one with a row comes.",
        };

    private static string Cause(S3Feed feed) => feed.FileType == FileType.Json ? "an array without objects" : "blank lines alone";
}
