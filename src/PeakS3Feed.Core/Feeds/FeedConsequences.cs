using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Feeds;

/// <summary>Finds the consequences of changing a feed that may have loaded objects.</summary>
public static class FeedConsequences
{
    /// <summary>Returns the consequences that a person may not expect; none if there are none.</summary>
    public static IEnumerable<FeedConsequence> Find(S3Feed before, S3Feed after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var added = after.DestinationNames.Except(before.DestinationNames, StringComparer.OrdinalIgnoreCase).ToList();
        var removed = before.DestinationNames.Except(after.DestinationNames, StringComparer.OrdinalIgnoreCase).ToList();
        if (added.Count > 0)
            yield return OtherLedger(after, $"the destination{(added.Count == 1 ? "" : "s")} {string.Join(" and ", added)}", added.Count);
        else if (removed.Count > 0)
            yield return NoLongerLoaded(after, removed);
        else if (!string.Equals(before.TableName, after.TableName, StringComparison.Ordinal))
            yield return OtherLedger(after, $"the table {after.TableName}", tables: 1);
        if (before.Schema is not null && OtherReading(before, after) is { } reading)
            yield return ReadOtherwise(after, reading);
        if (before.Schema is not null && !before.PartitionBy.SequenceEqual(after.PartitionBy, StringComparer.OrdinalIgnoreCase))
            yield return OtherPartitions(after);
        if (!SelectsSameObjects(before, after))
            yield return new($"Later runs of feed {after.Name} select other objects; its loaded rows stay.", IsWarning: false);
    }

    // Names the change that gives other rows for the same bytes; null for none.
    private static string? OtherReading(S3Feed before, S3Feed after)
        => before.FileType != after.FileType ? null
            : before.Encoding != after.Encoding ? $"the encoding {after.Encoding}"
            : before.FileType == FileType.Csv ? OtherReading(before.Csv, after.Csv)
            : null;

    private static string? OtherReading(CsvOptions before, CsvOptions after)
    {
        if (before.Separator != after.Separator)
            return $"the separator {CsvSeparator.Word(after.Separator)}";
        if (before.LineEnd != after.LineEnd)
            return $"the line end {after.LineEnd}";
        return before.Quote != after.Quote ? $"the quote {after.Quote?.ToString() ?? CsvCharacter.None}"
            : before.Escape != after.Escape ? $"the escape {after.Escape?.ToString() ?? CsvCharacter.None}"
            : before.CommentPrefix != after.CommentPrefix ? $"the comment prefix {after.CommentPrefix ?? CsvCharacter.None}"
            : before.TrimValues != after.TrimValues ? (after.TrimValues ? "trimmed values" : "values that are not trimmed")
            : before.EmptyAsNull != after.EmptyAsNull ? (after.EmptyAsNull ? "NULL for quoted empty values" : "empty texts for quoted empty values")
            : before.SkipLastRows != after.SkipLastRows ? $"SkipLastRows {after.SkipLastRows}"
            : OtherValues(before, after);
    }

    private static string? OtherValues(CsvOptions before, CsvOptions after)
        => !(before.BooleanValues ?? []).SequenceEqual(after.BooleanValues ?? [], StringComparer.OrdinalIgnoreCase)
            ? $"the boolean values {(after.BooleanValues is { } pairs ? string.Join(", ", pairs) : CsvCharacter.None)}"
            : before.DecimalSeparator != after.DecimalSeparator ? $"the decimal separator {after.DecimalSeparator ?? '.'}"
            : before.GroupSeparator != after.GroupSeparator ? $"the group separator {after.GroupSeparator?.ToString() ?? CsvCharacter.None}"
            : null;

    private static FeedConsequence ReadOtherwise(S3Feed feed, string reading) => new(
        $"Feed {feed.Name} reads later files with {reading}; its loaded rows stay as they are. "
            + "To read the earlier files again, too, reset the feed and drop its table:",
        IsWarning: true)
    {
        Remedy = Remedy.ResetTable(feed.Name),
    };

    private static FeedConsequence OtherPartitions(S3Feed feed) => new(
        $"A table that exists keeps its partitions, so the next run of feed {feed.Name} fails if its table has others. "
            + "To load all rows again, into new partitions, reset the feed and drop its table:",
        IsWarning: true)
    {
        Remedy = Remedy.ResetTable(feed.Name),
    };

    private static FeedConsequence OtherLedger(S3Feed feed, string into, int tables) => new(
        $"Feed {feed.Name} now loads into {into}, {(tables == 1 ? "with" : "each with")} its own ledger: the next run loads every object that was "
        + "not loaded there, and earlier rows stay where they are.",
        IsWarning: true);

    private static FeedConsequence NoLongerLoaded(S3Feed feed, List<string> destinations) => new(
        $"Feed {feed.Name} no longer loads into {string.Join(" and ", destinations)}. The rows that it loaded there stay.",
        IsWarning: false);

    private static bool SelectsSameObjects(S3Feed before, S3Feed after)
        => string.Equals(before.ConnectionName, after.ConnectionName, StringComparison.OrdinalIgnoreCase)
            && string.Equals(before.Path, after.Path, StringComparison.Ordinal)
            && before.FileType == after.FileType
            && before.HistoricalDate == after.HistoricalDate
            && before.Include.SequenceEqual(after.Include, StringComparer.Ordinal)
            && before.Exclude.SequenceEqual(after.Exclude, StringComparer.Ordinal);
}

/// <summary>A consequence of a changed feed that a person may not expect.</summary>
/// <param name="Text">The consequence, in one sentence.</param>
/// <param name="IsWarning">Whether rows may be loaded again; otherwise it is information.</param>
public sealed record FeedConsequence(string Text, bool IsWarning)
{
    /// <summary>The command for a person who wants something else, or null.</summary>
    public Remedy? Remedy { get; init; }
}
