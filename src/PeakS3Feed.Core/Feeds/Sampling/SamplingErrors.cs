using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Matching;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Remedies;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Sampling;

/// <summary>The errors of reading a sample.</summary>
internal static class SamplingErrors
{
    /// <summary>A file has one column with the default separator, but each of its lines contains another separator.</summary>
    public static FeedException SeparatorDoesNotFit(SourceObject item, string separator, string better)
        => new("SeparatorDoesNotFit", FeedErrorCategory.InvalidData,
            $"{item.Uri} has one column with the separator {CsvSeparator.Word(separator)}, but each of its lines has the separator "
            + $"{CsvSeparator.Word(better)}.")
        {
            Target = item.Uri,
            Position = new SourcePosition(item.Uri, 1),
            Hint = $"Set the separator of the files; with {CsvSeparator.Word(separator)} each line is one column.",
            Settings =
            [
                new("Separator", CsvSeparator.Word(better), "csv.separator"),
                new("Separator", CsvSeparator.Word(separator), "csv.separator"),
            ],
        };

    /// <summary>None of the sampled rows could be read, so there is no column. Null if there were no rows.</summary>
    public static FeedException? NoColumn(S3Feed feed, SampledSchema sampled)
        => sampled.FirstReject is not var (position, reason) ? null : new("NoColumn", FeedErrorCategory.InvalidData,
            $"The sampled files{OfFeed(feed)} have no column: {position}: {reason.TrimEnd('.')}.")
        {
            Target = feed.Name,
            Position = position,
            Hint = "Check the type of the files; without a column, and without audit columns, there is no table to load into.",
        };

    /// <summary>The end of a subject: nothing for files that are read before there is a feed.</summary>
    public static string OfFeed(S3Feed feed) => feed.IsDraft ? "" : $" of feed {feed.Name}";

    public static FeedException NoSuchKey(string bucket, string key)
        => new("ObjectNotFound", FeedErrorCategory.ObjectNotFound, $"The object s3://{bucket}/{key} does not exist.")
        {
            Target = key,
            Hint = "Give the full key from the bucket's root. Case is significant.",
        };

    /// <summary>A URI names another bucket than the connection does.</summary>
    public static FeedException OtherBucket(string uri, string bucket, string expected)
        => new("KeyInOtherBucket", FeedErrorCategory.InvalidArgument, $"{uri} is in the bucket {bucket}, but the connection reads the bucket {expected}.")
        {
            Target = uri,
            Hint = $"Give a key of the bucket {expected}, or name a connection to the bucket {bucket}.",
        };

    public static FeedException NothingThere(S3Feed feed, string prefix, MatchFinding finding)
        => new("PathNotFound", FeedErrorCategory.ObjectNotFound, $"There is nothing under {prefix}. {finding.Text}")
        {
            Target = feed.Name,
            Hint = GetHint(finding) ?? "Check the path: it begins at the bucket's root, and case is significant.",
            Settings = GetSettings(finding),
        };

    public static FeedException NoObjectToSample(S3Feed feed, string prefix, MatchFinding? finding = null)
        => new(
            "NothingToSample", FeedErrorCategory.ObjectNotFound,
            $"There is no {feed.FileType.ToString().ToUpperInvariant()} file under {prefix} to infer columns from."
            + (finding is null ? "" : $" {finding.Text}"))
        {
            Target = feed.Name,
            Hint = GetHint(finding) ?? "Check the path and the file type; subfolders are included.",
            Settings = GetSettings(finding),
        };

    private static string? GetHint(MatchFinding? finding) => finding?.Change is { } change
        ? change.Connection is { } connection ? $"Change the connection {connection}: {change.Parameters}" : $"Give {change.Parameters}."
        : null;

    // A feed in the store gets commands. A feed that is not stored gets only the settings.
    private static IReadOnlyList<FeedSetting> GetSettings(MatchFinding? finding)
        => finding?.Change is { Connection: null, Settings: [var (parameter, value)] }
        ? [new(parameter, value)]
        : [];
}
