using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>The errors of destinations.</summary>
internal static class DestinationErrors
{
    public static FeedException IdentifierInvalid(string name)
        => new("IdentifierInvalid", FeedErrorCategory.InvalidArgument, $"\"{name.Replace('\0', '?')}\" cannot be the name of a table or column.")
        {
            Target = name,
            Hint = "A name needs at least one character and none of them NUL.",
        };

    public static FeedException NotATable(LoadTarget target, string kind)
        => new("NotATable", FeedErrorCategory.InvalidOperation, $"\"{target.Table}\" is a {kind}, so rows cannot be loaded into it.")
        {
            Target = target.FeedName,
            Hint = "Give the feed a table of its own.",
            Remedies = [Remedy.OtherTable(target.FeedName, target.Table)],
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
                ? $"Table \"{target.Table}\" holds rows already, and the ledger has no load of feed {target.FeedName} into it that counts."
                : $"Table \"{target.Table}\" holds rows of {takeover.Describe(target.FeedId)}.")
        {
            Target = target.FeedName,
            Hint = takeover is null
                ? "Let the feed adopt the table and add to these rows, or give it another table."
                : "Let the feed adopt the table: it takes these loads over, and loads none of the objects twice. Or drop the table, and everything is loaded again.",
            Remedies = takeover is null
                ? [Remedy.SetFeed(target.FeedName, "AdoptTable", on: true), Remedy.OtherTable(target.FeedName, target.Table)]
                : [Remedy.SetFeed(target.FeedName, "AdoptTable", on: true), Remedy.ResetTable(target.FeedName)],
        };

    public static FeedException TableHoldsFeedRows(LoadTarget target, string first, long count, DateTimeOffset newest)
        => new("TableHoldsFeedRows", FeedErrorCategory.InvalidOperation,
            $"Table \"{target.Table}\" holds rows of {(count == 1 ? first : $"{count:N0} objects of feed {target.FeedName} ({first} is one)")}, "
            + "and no ledger says which version of them was loaded: they would be there twice.")
        {
            Target = target.FeedName,
            Hint = "Drop the table, and everything is loaded again. Or adopt it and say since when objects are new: all that were last modified before that time are taken "
                + "as loaded, which nothing checks. The time below is that of the newest of these objects.",
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
            Hint = "Nothing was changed. Put the old type back; or reset the feed and drop its table, and the next run loads everything again.",
            Remedies = [Remedy.SetColumnType(target.FeedName, to.Name, from.TypeName), Remedy.ResetTable(target.FeedName)],
        };

    public static FeedException EarlierRowsUnknown(LoadTarget target, string first, long count)
        => new("EarlierRowsUnknown", FeedErrorCategory.InvalidOperation,
            $"The rows of an earlier version of {first}{(count > 1 ? $" and {CountText.Format(count - 1, "more object")}" : "")} cannot be found in \"{target.Table}\": they were loaded without audit columns, which say where a row came from, or were taken as loaded when the table was adopted.")
        {
            Target = target.FeedName,
            Hint = "Nothing was written. Load the new versions beside the old ones, leave them out, or reset the feed and its table to load everything again.",
            Remedies =
            [
                Remedy.SetFeed(target.FeedName, "OnChangedObject", "Append"), Remedy.SetFeed(target.FeedName, "OnChangedObject", "Ignore"),
                Remedy.ResetTable(target.FeedName),
            ],
        };

    public static FeedException KeyNotUnique(LoadTarget target, IReadOnlyList<string> key, Exception inner)
        => new("KeyNotUnique", FeedErrorCategory.InvalidOperation,
            $"Table \"{target.Table}\" holds rows with the same ({string.Join(", ", key)}), so it cannot be the key of an Upsert.", inner)
        {
            Target = target.FeedName,
            Hint = "Choose a key that is unique, remove the duplicates from the table, or let the feed append rows.",
            Remedies = [Remedy.SetFeed(target.FeedName, "PrimaryKey", "<COLUMN>"), Remedy.Append(target.FeedName)],
        };

    public static FeedException AlreadyRunning(LoadTarget target, RunHolder? holder)
        => new("FeedAlreadyRunning", FeedErrorCategory.ResourceBusy,
            $"Feed {target.FeedName} is being loaded into \"{target.Table}\" by {holder?.ToString() ?? "another run"}.")
        {
            Target = target.FeedName,
            Hint = "Wait for that run to end, then run the feed again.",
            Remedies = [Remedy.Run(target.FeedName)],
        };

    public static FeedException Fenced(LoadTarget target, RunHolder? holder)
        => new("RunOvertaken", FeedErrorCategory.OperationStopped,
            $"This run of feed {target.FeedName} stopped before its next commit, because {holder?.ToString() ?? "a newer run"} has taken over.")
        {
            Target = target.FeedName,
            Hint = "Nothing is lost and nothing is loaded twice; the newer run goes on from the last commit.",
            Remedies = [Remedy.Plan(target.FeedName)],
        };

    public static FeedException TableKeepsChanging(LoadTarget target, int inspections)
        => new("TableKeepsChanging", FeedErrorCategory.ResourceBusy,
            $"Table \"{target.Table}\" changed {inspections} times while feed {target.FeedName} was about to commit; nothing was committed.")
        {
            Target = target.FeedName,
            Hint = "Find out what alters or replaces the table, then run the feed again.",
            Remedies = [Remedy.Run(target.FeedName)],
        };

    public static FeedException NotSupported(LoadTarget target, string location, string setting)
        => new("NotSupportedByDestination", FeedErrorCategory.InvalidOperation, $"{location} cannot load with {setting}, which feed {target.FeedName} asks for.")
        {
            Target = target.FeedName,
            Hint = "Change the setting, or give the feed another destination.",
        };

    public static FeedException RowCountDiffers(LoadTarget target, long sent, long taken)
        => new("RowCountDiffers", FeedErrorCategory.InvalidData,
            $"The destination took {taken} of the {CountText.Format(sent, "row")} sent to \"{target.Table}\", so nothing was committed.")
        {
            Target = target.FeedName,
            Hint = "Look for a trigger or rule on the table that drops or adds rows.",
        };

    public static FeedException WouldEmptyTable(LoadTarget target)
        => new("WouldEmptyTable", FeedErrorCategory.InvalidData,
            $"The source of feed {target.FeedName} has no rows now, and replacing \"{target.Table}\" would empty it; the table is as it was.")
        {
            Target = target.FeedName,
            Hint = "If it should be empty, allow that.",
            Remedies = [Remedy.SetFeed(target.FeedName, "AllowEmpty", on: true), Remedy.Plan(target.FeedName)],
        };

    /// <summary>No object matches the feed any more.</summary>
    /// <param name="target">The feed and its table.</param>
    /// <param name="instead">What there is instead, in sentences, or null.</param>
    /// <param name="nearest">The commands for the nearest thing that would match.</param>
    public static FeedException WouldEmptyTable(LoadTarget target, string? instead, IReadOnlyList<Remedy> nearest)
    {
        if (instead is null)
            return WouldEmptyTable(target);
        return new(
            "WouldEmptyTable", FeedErrorCategory.InvalidData,
            $"No object matches feed {target.FeedName} now, and replacing \"{target.Table}\" would empty it; the table is as it was. {instead}")
        {
            Target = target.FeedName,
            Hint = "If the table is to become empty, say so with AllowEmpty.",
            Remedies = [.. nearest, Remedy.Plan(target.FeedName)],
        };
    }

    /// <summary>The rows that would replace the table's are all rejected.</summary>
    public static FeedException OnlyRejects(LoadTarget target, long rejects)
        => new("WouldEmptyTable", FeedErrorCategory.InvalidData,
            (rejects == 1 ? "The only row" : $"All {rejects} rows") + $" of the source of feed {target.FeedName} {(rejects == 1 ? "was" : "were")} rejected, "
                + $"and replacing \"{target.Table}\" with none would empty it; the table is as it was.")
        {
            Target = target.FeedName,
            Hint = "Look at the rejected rows; fix the files or the columns' types.",
            Remedies = [Remedy.Rejects(target.FeedName)],
        };

    public static FeedException OutcomeUnknown(LoadTarget target, Exception inner)
        => new("CommitOutcomeUnknown", FeedErrorCategory.ConnectionError,
            $"The connection was lost while \"{target.Table}\" was being committed, and the destination could not be asked again whether it was.", inner)
        {
            Target = target.FeedName,
            Hint = "Run the feed again when the destination is back: the ledger knows what was committed, and nothing is loaded twice.",
            Remedies = [Remedy.Run(target.FeedName)],
        };

    /// <summary>Something else than this program has written into the ledger.</summary>
    public static FeedException LedgerUnreadable(LoadTarget target, string table, string column, string why, Exception? inner)
        => new("LedgerUnreadable", FeedErrorCategory.InvalidData,
            $"The ledger of feed {target.FeedName} and table \"{target.Table}\" cannot be read: {column} in {table} {why}.", inner)
        {
            Target = target.FeedName,
            Hint = column == "schema_json"
                ? "Nothing was read or loaded. Put the value back from a backup of the database, or set it to []: the columns in the feed's definition count then."
                : "Nothing was read or loaded. Put the value back from a backup of the database; only PeakS3Feed may write these tables.",
        };

    public static FeedException LedgerTooNew(LoadTarget target, long version)
        => new("LedgerTooNew", FeedErrorCategory.InvalidOperation,
            $"The ledger beside \"{target.Table}\" has format version {version}, which this version of PeakS3Feed does not know.")
        {
            Target = target.FeedName,
            Hint = "Update PeakS3Feed on this machine.",
        };

    public static FeedException Busy(LoadTarget target, string what, TimeSpan waited, Exception? inner = null)
        => new("DestinationBusy", FeedErrorCategory.ResourceBusy, $"{what} was in use by another program for {waited.TotalSeconds:0} seconds.", inner)
        {
            Target = target.FeedName,
            Hint = "Close the program that writes to it, then run the feed again.",
            Remedies = [Remedy.Run(target.FeedName)],
        };

    public static FeedException Full(LoadTarget target, string where, Exception inner)
        => new("DestinationFull", FeedErrorCategory.ResourceUnavailable, $"{where} is full; nothing of the commit was kept.", inner)
        {
            Target = target.FeedName,
            Hint = "Make room, then run the feed again: it goes on after the last commit.",
            Remedies = [Remedy.Run(target.FeedName)],
        };

    public static FeedException Refused(LoadTarget target, string reason, string? code, FeedErrorCategory category, Exception inner)
        => new("DestinationRefused", category, $"The destination refused to load \"{target.Table}\": {reason}", inner)
        {
            Target = target.FeedName,
            ServiceCode = code,
            Hint = "Nothing of the commit was kept. Fix what the destination reports, then run the feed again.",
            Remedies = [Remedy.Run(target.FeedName)],
        };
}
