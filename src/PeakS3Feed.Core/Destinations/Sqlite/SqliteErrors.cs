using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using SQLitePCL;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>Tells SQLite's errors apart (https://www.sqlite.org/rescode.html).</summary>
internal static class SqliteErrors
{
    public static FeedException Opening(string path, Exception exception)
        => new("DestinationUnreachable", FeedErrorCategory.ResourceUnavailable, $"The SQLite database {path} cannot be opened: {exception.Message}", exception)
        {
            Target = path,
            Hint = "Check that the folder exists, that you may write to it, and that the file is a SQLite database.",
        };

    public static Exception Loading(LoadTarget target, string path, Exception exception) => exception switch
    {
        SqliteBusyException busy => DestinationErrors.Busy(target, $"The database {busy.Path}", busy.Waited, busy),
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } e =>
            DestinationErrors.Busy(target, $"The database {path}", TimeSpan.FromSeconds(60), e),
        SqliteException { SqliteErrorCode: raw.SQLITE_FULL } e => DestinationErrors.Full(target, $"The disk or the limit of {path}", e),
        SqliteException { SqliteErrorCode: raw.SQLITE_IOERR } e when OutOfSpace(path) => DestinationErrors.Full(target, $"The disk of {path}", e),
        SqliteException { SqliteErrorCode: raw.SQLITE_NOTADB or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_CORRUPT } e => Opening(path, e),
        SqliteException { SqliteErrorCode: raw.SQLITE_INTERRUPT } e => new OperationCanceledException("The load was stopped.", e),
        SqliteException e => DestinationErrors.Refused(target, e.Message, e.SqliteExtendedErrorCode.ToString(System.Globalization.CultureInfo.InvariantCulture), FeedErrorCategory.InvalidOperation, e),
        _ => exception,
    };

    /// <summary>
    /// Whether a COMMIT that ended in this exception has surely not landed. After an I/O error SQLite mostly rolls back by itself
    /// (https://www.sqlite.org/lang_transaction.html, section 3); autocommit being on again tells.
    /// </summary>
    public static bool IsCommitRefused(Exception exception, bool rolledBack) => exception switch
    {
        SqliteBusyException or SqliteException { SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_CONSTRAINT } => true,
        SqliteException { SqliteErrorCode: raw.SQLITE_IOERR } => rolledBack,
        _ => false,
    };

    // A write that fails for lack of room is an I/O error when it hits the journal.
    private static bool OutOfSpace(string path)
        => Path.GetPathRoot(Path.GetFullPath(path)) is { } root && new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path)) ?? root).AvailableFreeSpace < 1024 * 1024;
}
