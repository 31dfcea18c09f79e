using System.Globalization;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;
using PeakS3Feed.Remedies;
using SQLitePCL;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>Another program locked the database for longer than the busy timeout.</summary>
internal sealed class SqliteBusyException(string path, TimeSpan waited) : Exception($"{path} is in use by another program.")
{
    public string Path { get; } = path;

    public TimeSpan Waited { get; } = waited;
}

/// <summary>Creates the errors for SQLite's result codes (https://www.sqlite.org/rescode.html).</summary>
internal static class SqliteErrors
{
    public static FeedException CannotRebuild(LoadTarget target, string why)
        => new("CannotRebuildTable", FeedErrorCategory.InvalidOperation,
            $"Table \"{target.Table}\" must be created again to change the type of a column, and cannot be: {why}.")
        {
            Target = target.FeedName,
            Hint = "Nothing was changed. Set the column's old type again, or reset the feed and drop its table to load everything again.",
            Remedies = [Remedy.ResetTable(target.FeedName)],
        };

    public static FeedException ForeignKeysBroken(LoadTarget target)
        => new("ForeignKeysBroken", FeedErrorCategory.InvalidData,
            $"The load would break a foreign key of \"{target.Table}\", or one that references it: rows would refer to rows that do not exist.")
        {
            Target = target.FeedName,
            Hint = "Nothing was committed. Fix the rows or the foreign key, then run the feed again.",
            Remedies = [Remedy.Run(target.FeedName)],
        };

    public static FeedException Opening(string path, Exception exception)
    {
        var failure = SqliteFailures.Classify(exception, path);
        return new(
            "DestinationUnreachable", FeedErrorCategory.ResourceUnavailable,
            $"The SQLite database {path} cannot be opened: {SqliteFailures.Describe(failure, exception)}.", exception)
        {
            Target = path,
            Hint = failure switch
            {
                SqliteFailure.Full => "Free space on its disk, then run the feed again.",
                SqliteFailure.Moved => "Move the file back, or change the destination's path, then run the feed again.",
                SqliteFailure.Damaged => "Check that the path is that of a SQLite database; restore a damaged one from its backup.",
                _ => "Check that the folder exists, that you may write to it, and that the file is a SQLite database.",
            },
        };
    }

    public static Exception Loading(LoadTarget target, string path, Exception exception) => exception switch
    {
        SqliteBusyException busy => DestinationErrors.Busy(target, $"The database {busy.Path}", busy.Waited, busy),
        SqliteException { SqliteErrorCode: raw.SQLITE_INTERRUPT } e => new OperationCanceledException("The load was stopped.", e),
        SqliteException e => SqliteFailures.Classify(e, path) switch
        {
            SqliteFailure.Busy => DestinationErrors.Busy(target, $"The database {path}", TimeSpan.FromSeconds(60), e),
            SqliteFailure.Full => DestinationErrors.Full(target, $"The disk or the limit of {path}", e),
            SqliteFailure.Damaged or SqliteFailure.CannotOpen or SqliteFailure.ReadOnly or SqliteFailure.Moved => Opening(path, e),
            _ => DestinationErrors.Refused(
                target, e.Message, e.SqliteExtendedErrorCode.ToString(CultureInfo.InvariantCulture), FeedErrorCategory.InvalidOperation, e),
        },
        _ => exception,
    };

    /// <summary>
    /// Returns whether a COMMIT that ended in this exception certainly did not land. After an I/O error SQLite usually rolls back by itself
    /// (https://www.sqlite.org/lang_transaction.html, section 3), which shows in autocommit mode being on again.
    /// </summary>
    public static bool IsCommitRefused(Exception exception, bool rolledBack) => exception switch
    {
        SqliteBusyException or SqliteException { SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_CONSTRAINT } => true,
        SqliteException { SqliteErrorCode: raw.SQLITE_IOERR } => rolledBack,
        _ => false,
    };
}
