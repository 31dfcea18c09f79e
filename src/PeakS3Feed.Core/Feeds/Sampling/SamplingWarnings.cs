using PeakS3Feed.Errors;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Feeds.Sampling;

/// <summary>The warnings of reading a sample.</summary>
internal static class SamplingWarnings
{
    /// <summary>The sampled files have no row, so there is no column yet.</summary>
    public static FeedWarning NoColumnYet(S3Feed feed, SampledSchema sampled)
        => new FeedWarning(
            "NoColumnYet", $"The sampled files of feed {feed.Name} have no row ({Cause(feed)}), so there is no column and no table yet.")
        {
            Position = new SourcePosition(sampled.Sampled[0].Uri),
            Hint = "The files remain to be loaded: the first one with a row gives the columns.",
        };

    private static string Cause(S3Feed feed) => feed.FileType == FileType.Json ? "an array without objects" : "only blank lines";
}
