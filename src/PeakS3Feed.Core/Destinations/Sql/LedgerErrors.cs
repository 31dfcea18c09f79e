using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>What is wrong with the ledger of a SQL database.</summary>
internal static class LedgerErrors
{
    /// <summary>Another program has written into the ledger.</summary>
    public static FeedException Unreadable(LoadTarget target, string table, string column, string why, Exception? inner)
        => new("LedgerUnreadable", FeedErrorCategory.InvalidData,
            $"The ledger of feed {target.FeedName} and table \"{target.Table}\" cannot be read: {column} in {table} {why}.", inner)
        {
            Target = target.FeedName,
            Hint = column == "schema_json"
                ? "Nothing was loaded. Restore the value from a backup of the database, or set it to [] to use the columns in the feed's definition."
                : "Nothing was loaded. Restore the value from a backup of the database; only PeakS3Feed may write these tables.",
        };

    /// <summary>The server reports a change that is not there afterwards.</summary>
    public static FeedException ChangeNotKept(LoadTarget target)
        => new("LedgerChangeNotKept", FeedErrorCategory.InvalidOperation,
            $"The destination took a change of the ledger beside \"{target.Table}\" and did not keep it.")
        {
            Target = target.FeedName,
            Hint = "The parameter AUTOCOMMIT is off for the user or the account, so each request is rolled back at its end. Turn it on for the user: "
                + "ALTER USER … SET AUTOCOMMIT = TRUE.",
        };

    public static FeedException TooNew(LoadTarget target, long version)
        => new("LedgerTooNew", FeedErrorCategory.InvalidOperation,
            $"The ledger beside \"{target.Table}\" has format version {version}, which this version of PeakS3Feed does not know.")
        {
            Target = target.FeedName,
            Hint = "Update PeakS3Feed on this machine.",
        };
}
