using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>The warnings about what somebody changed in the destination by hand.</summary>
internal static class PlanWarnings
{
    private const int NamesShown = 3;

    /// <summary>Compares the ledger's own counts. Returns null where they agree.</summary>
    public static FeedWarning? LedgerIncomplete(S3Feed feed, LedgerState ledger, LedgerCounts counts)
    {
        List<string> found = [];
        if (counts.Loads < ledger.Sequence)
            found.Add(Missing(ledger.Sequence - counts.Loads, ledger.Sequence, "peaks3feed_load"));
        if (counts.Objects < counts.RecordedObjects)
            found.Add(Missing(counts.RecordedObjects - counts.Objects, counts.RecordedObjects, "peaks3feed_file"));
        return found.Count == 0 ? null : new FeedWarning(
            "LedgerIncomplete", $"The ledger of feed {feed.Name} and table {feed.TableName} is not whole: {string.Join(", and ", found)}.")
        {
            Subject = feed.TableName,
            Hint = Consequence(feed, counts),
        };
    }

    /// <summary>Finds columns that the feed has filled before and that the table lacks. A load adds these columns again.</summary>
    public static IEnumerable<FeedWarning> ColumnsAddedAgain(
        S3Feed feed, TableSnapshot table, IReadOnlyList<FeedColumn> wanted, IEnumerable<TableChange> changes, LoadMode? auditedMode,
        IColumnTypes types)
    {
        var known = new HashSet<string>(wanted.Concat(table.Ledger?.Schema?.Columns ?? []).Select(c => c.Name), types.NameComparer);
        foreach (var column in changes.OfType<AddColumn>().Select(c => c.Column))
        {
            if (!WasThere(column, table.Ledger?.Schema, auditedMode))
                continue;
            List<string> candidates = column.Field.Length == 0 || table.OtherFeeds.Count > 0
                ? []
                : [.. table.Columns.Where(c => !known.Contains(c.Name) && types.Accepts(column, c)).Select(c => c.Name)];
            yield return ColumnAddedAgain(feed, column, candidates);
        }
    }

    /// <summary>
    /// Names the columns that get another name in the table, because the destination reserves their own names. Columns that have this other
    /// name already get no warning.
    /// </summary>
    public static IEnumerable<FeedWarning> ColumnsRenamed(FeedSchema stored, FeedSchema allowed, IReadOnlyList<FeedColumn> recorded)
        => stored.Columns.Zip(allowed.Columns)
            .Where(c => c.First.Name != c.Second.Name && !recorded.Any(r => r.Name == c.Second.Name))
            .Select(c => new FeedWarning(
                "ColumnNameReserved",
                $"Column {c.First.Name} is {c.Second.Name} in the table: the destination keeps the name {c.First.Name} for a column of its own.")
            {
                Subject = c.First.Name,
            });

    /// <summary>Warns, while there is nothing to load, of the error with which the next load would end.</summary>
    public static FeedWarning NextLoadFails(FeedException error) => new(
        error.Id, $"There is nothing to load now, but the next load fails: {error.Message}")
    {
        Subject = error.Target ?? "",
        Hint = error.Hint,
        Remedies = error.Remedies,
    };

    private static FeedWarning ColumnAddedAgain(S3Feed feed, FeedColumn column, List<string> candidates) => new FeedWarning(
        "ColumnAddedAgain",
        $"Table {feed.TableName} no longer has column {column.Name}, which feed {feed.Name} has filled: "
            + "the next load adds it again, and the rows that are there hold NULL in it."
            + (candidates.Count == 0 ? "" : $" It may have been renamed to {string.Join(" or ", candidates.Take(NamesShown))}."))
    {
        Subject = column.Name,
        Hint = candidates.Count == 0
            ? "Restore the column from a backup if its values are still needed."
            : "If it was renamed, give the feed's column the new name before the next load: then the load fills the renamed column.",
        Remedies = candidates.Count == 1 && IsPlain(column.Name) && IsPlain(candidates[0])
            ? [Remedy.RenameColumn(feed.Name, column.Name, candidates[0])]
            : [],
    };

    private static bool WasThere(FeedColumn column, FeedSchema? recorded, LoadMode? auditedMode)
        => column.Field.Length > 0
            ? recorded?.FindField(column.Field) is not null || recorded?.Find(column.Name) is not null
            : auditedMode is { } mode && (mode == LoadMode.Upsert || column.Name != AuditColumn.UpdatedAt.Name);

    private static string Consequence(S3Feed feed, LedgerCounts counts) => feed.LoadType switch
    {
        LoadType.TruncateInsert => "A TruncateInsert feed reads all of its files with the next load, which completes the ledger.",
        _ when counts.Objects >= counts.RecordedObjects => "Rows of those loads cannot be deleted when one of their objects changes. "
            + "Restore the ledger's rows from a backup if they are needed.",
        LoadType.Upsert => "Objects without a row there count as new: a run loads them again and updates the rows of their keys.",
        _ => "Objects without a row there count as new: a run loads them again, and their rows are then in the table twice. "
            + "Restore the ledger's rows from a backup before the next run.",
    };

    private static bool IsPlain(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string Missing(long missing, long all, string table)
        => $"{CountText.Format(missing)} of {CountText.Format(all, "row")} of {table} {(missing == 1 ? "is" : "are")} missing";
}
