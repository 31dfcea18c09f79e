using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>What keeps a feed from loading into its table.</summary>
internal static class TableErrors
{
    public static FeedException NotATable(LoadTarget target, string kind)
        => new("NotATable", FeedErrorCategory.InvalidOperation, $"\"{target.Table}\" is a {kind}, so rows cannot be loaded into it.")
        {
            Target = target.FeedName,
            Hint = "Give the feed a table of its own.",
            Remedies = [Remedy.OtherTable(target.FeedName, target.Table)],
        };

    public static FeedException ColumnCaseDiffers(LoadTarget target, string table, string column, string folded)
        => new("ColumnCaseDiffers", FeedErrorCategory.InvalidOperation,
            $"Column \"{column}\" of \"{target.Table}\" was created with a quoted name. The feed's column is {folded}, "
            + "as SQL without quotes names it.")
        {
            Target = target.FeedName,
            Hint = $"Rename the column: ALTER TABLE \"{table}\" RENAME COLUMN \"{column}\" TO \"{folded}\"; or give the feed a table of its own.",
            Remedies = [Remedy.OtherTable(target.FeedName, target.Table)],
        };

    /// <summary>Rows are to be read from a table that does not exist.</summary>
    public static FeedException TableMissing(LoadTarget target)
        => new(
            "TableMissing", FeedErrorCategory.ObjectNotFound, $"Table \"{target.Table}\" of feed {target.FeedName} does not exist, so it has no rows.")
        {
            Target = target.FeedName,
            Hint = "The first run of the feed that loads rows creates it.",
            Remedies = [Remedy.Run(target.FeedName)],
        };

    /// <summary>Rows are to be chosen by an audit column that the table does not have.</summary>
    public static FeedException RowsNotTraceable(LoadTarget target, string column)
        => new("RowsNotTraceable", FeedErrorCategory.InvalidOperation,
            $"Table \"{target.Table}\" has no column {column}, so it cannot say which run or file its rows came from.")
        {
            Target = target.FeedName,
            Hint = "Read its rows without a run or key. With audit columns, the next load adds the column, and fills it for the rows that it loads.",
            Remedies = [Remedy.ShowRows(target.FeedName), Remedy.SetFeed(target.FeedName, "AuditColumns", "All")],
        };

    /// <summary>The destination does not return rows.</summary>
    /// <param name="target">The feed and table.</param>
    /// <param name="location">The destination, for people.</param>
    /// <param name="reason">The destination's own reason.</param>
    /// <param name="category">What kind of failure it is.</param>
    /// <param name="code">The destination's code, or null.</param>
    /// <param name="inner">The driver's exception.</param>
    public static FeedException RowsUnreadable(
        LoadTarget target, string location, string reason, FeedErrorCategory category, string? code, Exception inner)
        => new("RowsUnreadable", category, $"{location} does not return the rows of \"{target.Table}\": {reason}", inner)
        {
            Target = target.FeedName,
            ServiceCode = code,
            Hint = "Nothing was changed. Fix what the destination reports, then read the rows again.",
            Remedies = [Remedy.ShowRows(target.FeedName)],
        };

    public static FeedException LedgerWithoutTable(LoadTarget target)
        => new("LedgerWithoutTable", FeedErrorCategory.InvalidOperation,
            $"The ledger says that feed {target.FeedName} has loaded into \"{target.Table}\", but the table is gone.")
        {
            Target = target.FeedName,
            Hint = "Restore the table, or reset the feed to load everything again.",
            Remedies = [Remedy.Reset(target.FeedName)],
        };

    public static FeedException TableHoldsRows(LoadTarget target, LedgerTakeover? takeover)
        => new("TableHoldsRows", FeedErrorCategory.InvalidOperation,
            takeover is null
                ? $"Table \"{target.Table}\" already holds rows, and the ledger has no load of feed {target.FeedName} into it that counts."
                : $"Table \"{target.Table}\" holds rows of {takeover.Describe(target.FeedId)}.")
        {
            Target = target.FeedName,
            Hint = takeover is null
                ? "Let the feed adopt the table and add to these rows, or give it another table."
                : "Let the feed adopt the table: it takes over these loads and loads no object twice. Or drop the table to load everything again.",
            Remedies = takeover is null
                ? [Remedy.SetFeed(target.FeedName, "AdoptTable", on: true), Remedy.OtherTable(target.FeedName, target.Table)]
                : [Remedy.SetFeed(target.FeedName, "AdoptTable", on: true), Remedy.ResetTable(target.FeedName)],
        };

    public static FeedException TableHoldsFeedRows(LoadTarget target, string first, long count, DateTimeOffset newest)
        => new("TableHoldsFeedRows", FeedErrorCategory.InvalidOperation,
            $"Table \"{target.Table}\" holds rows of {(count == 1 ? first : $"{count:N0} objects of feed {target.FeedName} ({first} is one)")}, "
            + "and no ledger says which version of them was loaded, so a load could insert them a second time.")
        {
            Target = target.FeedName,
            Hint = "Drop the table to load everything again. Or adopt it and name a time: objects last modified before that time count as "
                + "loaded, which nothing checks. The time below is that of the newest of these objects.",
            Remedies = [Remedy.ResetTable(target.FeedName), Remedy.AssumeLoaded(target.FeedName, newest)],
        };

    public static FeedException TableBelongsToOther(LoadTarget target, Guid owner, string why)
        => new("TableBelongsToOther", FeedErrorCategory.InvalidOperation,
            $"Feed {target.FeedName} cannot load into \"{target.Table}\": {why} ({target.Name(owner)}, id {owner:D}).")
        {
            Target = target.FeedName,
            Hint = "Give the feed a table of its own, or let it adopt this one: the ledger then forgets what other feeds have loaded into it.",
            Remedies = [Remedy.OtherTable(target.FeedName, target.Table), Remedy.SetFeed(target.FeedName, "AdoptTable", on: true)],
        };

    public static FeedException ColumnRequired(LoadTarget target, string column)
        => new("ColumnRequired", FeedErrorCategory.InvalidOperation,
            $"Column \"{column}\" of table \"{target.Table}\" is NOT NULL without a default, and feed {target.FeedName} has no such column.")
        {
            Target = target.FeedName,
            Hint = "Give the column a default or allow NULL in it.",
        };

    public static FeedException ColumnTypeDiffers(LoadTarget target, FeedColumn column, string there, string wanted)
        => new("ColumnTypeDiffers", FeedErrorCategory.InvalidOperation,
            $"Column \"{column.Name}\" of table \"{target.Table}\" is {there}; feed {target.FeedName} would load {wanted} into it.")
        {
            Target = target.FeedName,
            Hint = "Change the feed's column to the table's type, change the table, or give the feed another table.",
            Remedies = [Remedy.OtherTable(target.FeedName, target.Table)],
        };

    public static FeedException ColumnNameTaken(LoadTarget target, string from, string to)
        => new("ColumnNameTaken", FeedErrorCategory.InvalidOperation,
            $"Column \"{from}\" of table \"{target.Table}\" cannot be renamed to \"{to}\": the table has another column of that name.")
        {
            Target = target.FeedName,
            Hint = "Give the feed's column another name, rename or drop the table's other column, or give the feed another table.",
            Remedies = [Remedy.OtherTable(target.FeedName, target.Table)],
        };

    public static FeedException CannotRetype(LoadTarget target, FeedColumn from, FeedColumn to, string why, Exception? inner = null)
        => new("CannotRetype", FeedErrorCategory.InvalidOperation,
            $"Column \"{to.Name}\" of table \"{target.Table}\" is {from.TypeName} and cannot become {to.TypeName}: {why}.", inner)
        {
            Target = target.FeedName,
            Hint = "Nothing was changed. Set the old type again, or reset the feed and drop its table to load everything again.",
            Remedies = [Remedy.SetColumnType(target.FeedName, to.Name, from.TypeName), Remedy.ResetTable(target.FeedName)],
        };

    public static FeedException CannotRename(LoadTarget target, string from, string to)
        => new("CannotRename", FeedErrorCategory.InvalidOperation,
            $"Column \"{from}\" of table \"{target.Table}\" cannot become \"{to}\": the destination cannot rename columns.")
        {
            Target = target.FeedName,
            Hint = "Nothing was changed. Give the column its old name again; or reset the feed, drop the table, and load everything again.",
            Remedies = [Remedy.ResetTable(target.FeedName)],
        };

    public static FeedException RenameInTwoSteps(LoadTarget target, string from, string to)
        => new("RenameInTwoSteps", FeedErrorCategory.InvalidOperation,
            $"Column \"{from}\" of table \"{target.Table}\" would become \"{to}\" while another column gets the name \"{from}\". "
            + "The destination renames columns one by one, and a run that ends in between would mix their values.")
        {
            Target = target.FeedName,
            Hint = $"Nothing was changed. Rename in two steps: give \"{from}\" its new name and run the feed; then give the other column its name.",
        };

    public static FeedException TableHidden(LoadTarget target, string table)
        => new("TableHidden", FeedErrorCategory.PermissionDenied,
            $"Table \"{table}\" exists, but the destination's role has no rights on it, so feed {target.FeedName} cannot use it.")
        {
            Target = target.FeedName,
            Hint = "Another role has created it. Let the destination use that role, or grant its own role the ownership of the table, with "
                + "the current grants copied.",
        };

    public static FeedException EarlierRowsUnknown(LoadTarget target, string first, long count)
        => new("EarlierRowsUnknown", FeedErrorCategory.InvalidOperation,
            $"The rows of an earlier version of {first}{(count > 1 ? $" and {CountText.Format(count - 1, "more object")}" : "")} cannot be found in "
            + $"\"{target.Table}\": they were loaded without audit columns, which say where a row came from, or counted as loaded "
            + "when the table was adopted.")
        {
            Target = target.FeedName,
            Hint = "Nothing was written. Load the new versions beside the old ones, leave them out, or reset the feed and drop its table.",
            Remedies =
            [
                Remedy.SetFeed(target.FeedName, "OnChangedObject", "Append"), Remedy.SetFeed(target.FeedName, "OnChangedObject", "Ignore"),
                Remedy.ResetTable(target.FeedName),
            ],
        };

    /// <summary>Files would be deleted that a reader or a load may still need.</summary>
    public static FeedException VacuumTooEarly(string feedName, TimeSpan olderThan, TimeSpan minimum)
        => new("VacuumTooEarly", FeedErrorCategory.InvalidArgument,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Files that are younger than {minimum.Days} days may still be read, so none can be deleted after {olderThan.TotalHours:0.#} hours."))
        {
            Target = feedName,
            Hint = $"Give {minimum.Days} days or more.",
        };

    public static FeedException KeyNotUnique(LoadTarget target, IReadOnlyList<string> key, Exception inner)
        => new("KeyNotUnique", FeedErrorCategory.InvalidOperation,
            $"Table \"{target.Table}\" holds rows with the same ({string.Join(", ", key)}), so it cannot be the key of an Upsert.", inner)
        {
            Target = target.FeedName,
            Hint = "Choose a key that is unique, remove the duplicates from the table, or let the feed append rows.",
            Remedies = [Remedy.SetFeed(target.FeedName, "PrimaryKey", "<COLUMN>"), Remedy.Append(target.FeedName)],
        };
}
