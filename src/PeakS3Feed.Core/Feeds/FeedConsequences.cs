using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Feeds;

/// <summary>What follows from changing a feed that may have loaded something already.</summary>
public static class FeedConsequences
{
    /// <summary>All that is worth telling; nothing where the change leads to nothing unexpected.</summary>
    public static IEnumerable<FeedConsequence> Of(S3Feed before, S3Feed after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (!before.DestinationNames.SequenceEqual(after.DestinationNames, StringComparer.OrdinalIgnoreCase))
            yield return OtherLedger(after, $"the destination {string.Join(", ", after.DestinationNames)}");
        else if (!string.Equals(before.TableName, after.TableName, StringComparison.Ordinal))
            yield return OtherLedger(after, $"the table {after.TableName}");
        if (before.Schema is not null && after.FileType == FileType.Csv && before.FileType == FileType.Csv && OtherReading(before.Csv, after.Csv) is { } reading)
            yield return ReadOtherwise(after, reading);
        if (!FetchesTheSame(before, after))
            yield return new($"What feed {after.Name} fetches has changed for later runs; rows that it has loaded stay.", IsWarning: false);
    }

    // What makes other rows of the same bytes.
    private static string? OtherReading(CsvOptions before, CsvOptions after)
    {
        if (before.Separator != after.Separator)
            return $"the separator {CsvSeparator.Word(after.Separator)}";
        if (before.LineEnd != after.LineEnd)
            return $"the line end {after.LineEnd}";
        return before.Quote != after.Quote ? $"the quote {after.Quote?.ToString() ?? CsvCharacter.None}"
            : before.Escape != after.Escape ? $"the escape {after.Escape?.ToString() ?? CsvCharacter.None}"
            : null;
    }

    private static FeedConsequence ReadOtherwise(S3Feed feed, string reading) => new(
        $"Feed {feed.Name} reads later files with {reading}; what it has loaded stays as it was loaded. "
            + "To read those files again, too, reset the feed and drop its table:",
        IsWarning: true)
    {
        Remedy = Remedy.ResetTable(feed.Name),
    };

    private static FeedConsequence OtherLedger(S3Feed feed, string into) => new(
        $"Feed {feed.Name} now loads into {into}, with a ledger of its own: the next run loads all that was not loaded there, and earlier rows stay where they are.",
        IsWarning: true);

    private static bool FetchesTheSame(S3Feed before, S3Feed after)
        => string.Equals(before.ConnectionName, after.ConnectionName, StringComparison.OrdinalIgnoreCase)
            && string.Equals(before.Path, after.Path, StringComparison.Ordinal)
            && before.FileType == after.FileType
            && before.HistoricalDate == after.HistoricalDate
            && before.Include.SequenceEqual(after.Include, StringComparer.Ordinal)
            && before.Exclude.SequenceEqual(after.Exclude, StringComparer.Ordinal);
}

/// <summary>What a change of a feed leads to, which its person may not expect.</summary>
/// <param name="Text">In one sentence.</param>
/// <param name="IsWarning">Whether rows may be loaded again; otherwise it is good to know.</param>
public sealed record FeedConsequence(string Text, bool IsWarning)
{
    /// <summary>What to type where it is not what was meant, or null.</summary>
    public Remedy? Remedy { get; init; }
}
