using System.Text;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Remedies;
using PeakS3Feed.Rows;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds;

/// <summary>The errors of planning and running.</summary>
internal static class FeedRunErrors
{
    // The variable that names SQLite's folder of temporary files.
    private static string ScratchVariable => OperatingSystem.IsWindows() ? "TEMP" : "SQLITE_TMPDIR";

    public static FeedException ChangedObjectUndecided(S3Feed feed, SourceObject first, long count)
        => new("ChangedObjectUndecided", FeedErrorCategory.InvalidOperation,
            count == 1
                ? $"{first.Uri} was loaded before and has changed since; feed {feed.Name} does not say what to do then."
                : $"{first.Uri} and {CountText.Format(count - 1, "more object")} were loaded before and have changed since; "
                    + $"feed {feed.Name} does not say what to do then.")
        {
            Target = feed.Name,
            Position = new SourcePosition(first.Uri),
            Hint = "Nothing was loaded. Choose whether a changed object replaces its earlier rows, adds rows, or is ignored.",
            Remedies =
            [
                Remedy.SetFeed(feed.Name, "OnChangedObject", "Replace"),
                Remedy.SetFeed(feed.Name, "OnChangedObject", "Append"),
                Remedy.SetFeed(feed.Name, "OnChangedObject", "Ignore"),
            ],
        };

    public static FeedException ArchivedInReplace(S3Feed feed, SourceObject first, long count, string prefix)
        => new("ObjectArchived", FeedErrorCategory.ResourceUnavailable,
            count == 1
                ? $"{first.Uri} is archived, and a TruncateInsert needs every object that feed {feed.Name} matches."
                : $"{first.Uri} and {CountText.Format(count - 1, "more object")} are archived, and a TruncateInsert needs every object that feed "
                    + $"{feed.Name} matches.")
        {
            Target = feed.Name,
            Position = new SourcePosition(first.Uri),
            Hint = "Restore the objects from the archive, or exclude them.",
            // Patterns are relative to the feed's path. The command keeps the existing patterns, because it replaces the list.
            Remedies = [Remedy.SetFeed(feed.Name, "Exclude", [.. feed.Exclude, count == 1 ? Glob.Literal(first.Key[prefix.Length..]) : "<PATTERN>"])],
        };

    /// <summary>A feed discovers objects by events, and nothing receives events for it.</summary>
    public static FeedException NoQueue(S3Feed feed) => new(
        "DiscoveryWithoutQueue", FeedErrorCategory.InvalidOperation,
        $"Feed {feed.Name} finds its objects by events, but none of its triggers has a queue.")
    {
        Target = feed.Name,
        Hint = "Register a trigger with a queue for the feed, or set its Discovery to List.",
        Remedies = [Remedy.RegisterQueue(feed.Name), Remedy.SetFeed(feed.Name, "Discovery", "List")],
    };

    public static FeedException Disabled(S3Feed feed)
        => new("FeedDisabled", FeedErrorCategory.InvalidOperation, $"Feed {feed.Name} is disabled.")
        {
            Target = feed.Name,
            Hint = "Enable it, or force this one run.",
            Remedies =
            [
                Remedy.EnableFeed(feed.Name),
                Remedy.RunDisabled(feed.Name),
            ],
        };

    public static FeedException Canceled(S3Feed feed, int commits)
        => new("RunCanceled", FeedErrorCategory.OperationStopped,
            commits == 0 ? $"The run of feed {feed.Name} was stopped; nothing was loaded."
                : $"The run of feed {feed.Name} was stopped; its {commits} commit{(commits == 1 ? "" : "s")} stay{(commits == 1 ? "s" : "")}.")
        {
            Target = feed.Name,
            Hint = "Run the feed again: it continues after the last commit.",
            Remedies = [Remedy.Run(feed.Name)],
        };

    /// <param name="feed">The feed.</param>
    /// <param name="rejects">The number of rejects.</param>
    /// <param name="rows">The number of rows read, including rejects.</param>
    /// <param name="first">The first reject.</param>
    /// <param name="all">Whether the run read all its rows, so that a threshold that lets it pass is known.</param>
    public static FeedException TooManyRejects(S3Feed feed, long rejects, long rows, Reject first, bool all = true)
        => new("FailedRowThresholdExceeded", FeedErrorCategory.InvalidData,
            $"{first.Position}: {first.Reason.TrimEnd('.')}. {CountText.Format(rejects)} of {CountText.Format(rows, "row")} could not be loaded, and "
            + $"the feed allows {feed.FailedRowThreshold}; nothing was committed.")
        {
            Target = feed.Name,
            Position = first.Position,
            Hint = ThresholdAdvice.Hint(rejects, rows, all),
            Remedies =
            [
                Remedy.Rejects(feed.Name), .. EncodingRemedies(feed, first), .. QuoteRemedies(feed, first),
                .. ArrayRemedies(feed, rejects, rows, first),
                .. ThresholdAdvice.Suggest(rejects, rows, all) is { } threshold
                    ? [Remedy.SetFeed(feed.Name, "FailedRowThreshold", threshold.ToString())]
                    : Array.Empty<Remedy>(),
            ],
        };

    // Bytes that are not UTF-8, in a row without any other character beyond ASCII: the file may be Windows-1252.
    private static IEnumerable<Remedy> EncodingRemedies(S3Feed feed, Reject reject)
        => feed.Encoding == FileEncoding.Utf8 && reject.RawText is { } text && text.Contains('\uFFFD', StringComparison.Ordinal)
            && text.All(c => char.IsAscii(c) || c == '\uFFFD')
            ? [Remedy.SetFeed(feed.Name, nameof(S3Feed.Encoding), nameof(FileEncoding.Windows1252))]
            : [];

    // All rows are rejects and the first line is an array of objects: the file is one array.
    private static IEnumerable<Remedy> ArrayRemedies(S3Feed feed, long rejects, long rows, Reject first)
        => feed.FileType == FileType.Ndjson && rejects == rows
            && first.RawText is { } text && text.StartsWith('[') && text.AsSpan(1).TrimStart() is ['{', ..]
            ? [Remedy.SetFeed(feed.Name, nameof(S3Feed.FileType), nameof(FileType.Json))]
            : [];

    // Text after a closing quote: the file may escape its quotes.
    private static IEnumerable<Remedy> QuoteRemedies(S3Feed feed, Reject reject)
        => reject.Reason.StartsWith(CsvReader.TailReason, StringComparison.Ordinal) && reject.RawText is { } text && feed.Csv.Quote is { } quote
            ? CsvQuoteSettings.For(Encoding.UTF8.GetBytes(text), (byte)quote, feed.Csv.Escape is not null)
                .Select(s => Remedy.SetFeed(feed.Name, s.Setting, s.Value, s.Key))
            : [];

    /// <summary>The scratch database of a plan cannot be used.</summary>
    public static FeedException Scratch(SqliteException inner)
    {
        var folder = Path.GetTempPath();
        var trouble = SqliteFailures.Classify(inner, folder);
        return trouble == SqliteFailure.Full
            ? new("ScratchFull", FeedErrorCategory.ResourceUnavailable,
                "The disk of temporary files is full, so the plan of the run cannot be stored.", inner)
            {
                Target = folder,
                Hint = $"Free space in {folder}, or set the variable {ScratchVariable} to a folder with more space; the plan takes about 500 bytes "
                    + "for each object.",
            }
            : new("ScratchFailed", FeedErrorCategory.ResourceUnavailable,
                $"The temporary file with the plan of the run cannot be used: {SqliteFailures.Describe(trouble, inner)}.", inner)
            {
                Target = folder,
                Hint = $"Check that {folder} is writable, or set the variable {ScratchVariable} to a folder that is.",
            };
    }

    /// <summary>The error of a run that failed after some of its commits.</summary>
    public static FeedException AfterCommits(FeedException error, int commits)
        => error.WithMessage($"{Sentence(error.Message)} The {(commits == 1 ? "commit before it stays" : $"{commits} commits before it stay")}.");

    /// <summary>Of two destinations, one failed.</summary>
    public static FeedException DestinationBehind(FeedException error, string name, IReadOnlyList<string> others)
        => error.WithMessage(
            $"Destination {name}: "
                + (others.Count == 0
                    ? error.Message
                    : $"{Sentence(error.Message)} Destination {string.Join(", ", others)} is not affected; the next run catches up with {name}."));

    // The words of a database may end without a full stop.
    private static string Sentence(string message) => message.EndsWith('.') ? message : message + ".";

    public static FeedException ChangedTwice(SourceObject item)
        => new("ObjectChangedTwice", FeedErrorCategory.ResourceBusy, $"{item.Uri} changed twice while it was being read.")
        {
            Target = item.Uri,
            Position = new SourcePosition(item.Uri),
            Hint = "Wait until its writer has finished, then run the feed again.",
        };

    public static FeedException Vanished(SourceObject item)
        => new("ObjectVanished", FeedErrorCategory.ObjectNotFound, $"{item.Uri} was listed, but no longer exists.")
        {
            Target = item.Uri,
            Position = new SourcePosition(item.Uri),
            Hint = "Run the feed again: the new plan leaves the object out.",
        };

    public static FeedException KeyColumnUnknown(S3Feed feed, string column)
        => new("KeyColumnUnknown", FeedErrorCategory.InvalidArgument, $"Feed {feed.Name} has no column \"{column}\", which its primary key names.")
        {
            Target = feed.Name,
            Hint = $"Its columns are {string.Join(", ", feed.Schema!.Columns.Select(c => c.Name))}.",
            Remedies = [Remedy.SetFeed(feed.Name, "PrimaryKey", [.. feed.PrimaryKey.Select(k => k == column ? SuggestColumn(column, feed) : k)])],
        };

    public static FeedException PartitionByInvalid(S3Feed feed, DefinitionProblem problem)
        => new("PartitionByInvalid", FeedErrorCategory.InvalidArgument, $"Feed {feed.Name} cannot divide its table. {problem.Message}")
        {
            Target = feed.Name,
            Hint = problem.Hint ?? $"Its columns are {string.Join(", ", feed.Schema!.Columns.Select(c => c.Name))}.",
            Remedies = [Remedy.SetFeed(feed.Name, nameof(feed.PartitionBy), "<COLUMN>")],
        };

    // Returns the column with the nearest name, or a placeholder in angle brackets.
    private static string SuggestColumn(string column, S3Feed feed)
        => NearestName.Find(column, feed.Schema!.Columns.Select(c => c.Name).Except(feed.PrimaryKey, StringComparer.Ordinal)) ?? "<COLUMN>";
}
