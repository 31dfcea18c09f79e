using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Matching;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Sampling;

/// <summary>The errors of reading a sample.</summary>
internal static class SamplingErrors
{
    /// <summary>The separator that a feed does not name makes one column of a file that has another one in every line.</summary>
    public static FeedException SeparatorDoesNotFit(SourceObject item, string separator, string better)
        => new("SeparatorDoesNotFit", FeedErrorCategory.InvalidData,
            $"{item.Uri} is one column when its separator is {CsvSeparator.Word(separator)}, and each of its lines has the separator {CsvSeparator.Word(better)}.")
        {
            Target = item.Uri,
            Position = new SourcePosition(item.Uri, 1),
            Hint = $"Name the separator of the files; naming {CsvSeparator.Word(separator)} reads them as one column.",
            Settings =
            [
                new("Separator", CsvSeparator.Word(better), "csv.separator"),
                new("Separator", CsvSeparator.Word(separator), "csv.separator"),
            ],
        };

    /// <summary>None of the sampled rows could be read, so that there is no column; null where there were no rows.</summary>
    public static FeedException? NoColumn(S3Feed feed, SampledSchema sampled)
        => sampled.FirstReject is not var (position, reason) ? null : new("NoColumn", FeedErrorCategory.InvalidData,
            $"The sampled files of feed {feed.Name} give no column: {position}: {reason.TrimEnd('.')}.")
        {
            Target = feed.Name,
            Position = position,
            Hint = "Check the type of the files; without a column, and without audit columns, there is no table to load into.",
        };

    public static FeedException NoSuchKey(string bucket, string key)
        => new("ObjectNotFound", FeedErrorCategory.ObjectNotFound, $"There is no object s3://{bucket}/{key}.")
        {
            Target = key,
            Hint = key.StartsWith($"s3://{bucket}/", StringComparison.Ordinal)
                ? $"Write the key alone: {key[$"s3://{bucket}/".Length..]}"
                : "A key is given in full, from the bucket's root, and its case counts.",
        };

    public static FeedException NothingThere(S3Feed feed, string prefix, MatchFinding finding)
        => new("PathNotFound", FeedErrorCategory.ObjectNotFound, $"There is nothing under {prefix}. {finding.Text}")
        {
            Target = feed.Name,
            Hint = HintOf(finding) ?? "Check the path: upper and lower case count, and it is given from the bucket's root.",
            Settings = SettingsOf(finding),
        };

    public static FeedException NoObjectToSample(S3Feed feed, string prefix, MatchFinding? finding = null)
        => new(
            "NothingToSample", FeedErrorCategory.ObjectNotFound,
            $"There is no {feed.FileType.ToString().ToUpperInvariant()} file under {prefix} to infer columns from.{(finding is null ? "" : $" {finding.Text}")}")
        {
            Target = feed.Name,
            Hint = HintOf(finding) ?? "Check the path and the file type; folders are examined with all that is nested in them.",
            Settings = SettingsOf(finding),
        };

    private static string? HintOf(MatchFinding? finding) => finding?.Change is { } change
        ? change.Connection is { } connection ? $"Change the connection {connection}: {change.Parameters}" : $"Give {change.Parameters}."
        : null;

    // A feed that is only thought of has nothing to be changed; one that is in the store gets the commands.
    private static IReadOnlyList<FeedSetting> SettingsOf(MatchFinding? finding) => finding?.Change is { Connection: null, Settings: [var (parameter, value)] }
        ? [new(parameter, value)]
        : [];
}
