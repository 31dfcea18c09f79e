using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Sampling;

/// <summary>The warnings of reading a sample.</summary>
internal static class SamplingWarnings
{
    /// <summary>The sampled files have no row, so there is no column yet.</summary>
    public static FeedWarning NoColumnYet(S3Feed feed, SampledSchema sampled)
        => new FeedWarning(
            "NoColumnYet", $"The sampled files{SamplingErrors.OfFeed(feed)} have no row ({Cause(feed)}), so there is no column and no table yet.")
        {
            Position = new SourcePosition(sampled.Sampled[0].Uri),
            Hint = "The files remain to be loaded: the first one with a row gives the columns.",
        };

    /// <summary>A column holds another separator in each row: the files probably have that separator.</summary>
    public static FeedWarning SeparatorInEachRow(SourceObject item, string column, string separator)
        => new FeedWarning(
            "SeparatorInEachRow",
            $"The column {column} of {item.Uri} holds the separator {CsvSeparator.Word(separator)} in its name and in each row that was read.")
        {
            Position = new SourcePosition(item.Uri),
            Hint = $"If the files have this separator, give -Separator {CsvSeparator.Word(separator)} (csv.separator={CsvSeparator.Word(separator)}).",
        };

    private static string Cause(S3Feed feed) => feed.FileType == FileType.Json ? "an array without objects" : "only blank lines";
}
