using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PeakS3Feed.Files;

/// <summary>Tells SQLite's errors apart, by their extended codes too (https://www.sqlite.org/rescode.html), and says in words what they mean.</summary>
internal static class SqliteTroubles
{
    private const int DatabaseMoved = raw.SQLITE_READONLY | (4 << 8);
    private const int NoMemory = raw.SQLITE_IOERR | (12 << 8);
    private const int NoAccess = raw.SQLITE_IOERR | (13 << 8);
    private const int NoLock = raw.SQLITE_IOERR | (15 << 8);
    private const int SharedMemorySize = raw.SQLITE_IOERR | (19 << 8);
    private const int DamagedFileSystem = raw.SQLITE_IOERR | (33 << 8);
    private const long LeastRoom = 1024 * 1024;

    // ENOSPC, EDQUOT of Linux and macOS, EROFS; ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL, ERROR_WRITE_PROTECT.
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;
    private const int WindowsFull = unchecked((int)0x80070070);
    private const int WindowsHandleFull = unchecked((int)0x80070027);
    private const int WindowsWriteProtected = unchecked((int)0x80070013);

    /// <summary>What an exception of SQLite or of the file system means for a database file.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="path">The file, or a folder, whose free space is looked at; null for none.</param>
    public static SqliteTrouble Of(Exception error, string? path) => error switch
    {
        SqliteException sqlite => Of(sqlite.SqliteErrorCode, sqlite.SqliteExtendedErrorCode, path),
        UnauthorizedAccessException => SqliteTrouble.CannotOpen,
        IOException { HResult: NoSpace or WindowsFull or WindowsHandleFull } => SqliteTrouble.Full,
        IOException { HResult: LinuxQuota } when OperatingSystem.IsLinux() => SqliteTrouble.Full,
        IOException { HResult: MacQuota } when OperatingSystem.IsMacOS() => SqliteTrouble.Full,
        IOException { HResult: ReadOnlyFileSystem or WindowsWriteProtected } => SqliteTrouble.ReadOnly,
        IOException => SqliteTrouble.CannotOpen,
        _ => SqliteTrouble.Other,
    };

    /// <summary>The end of a sentence: what is wrong with the file.</summary>
    public static string Words(SqliteTrouble trouble, Exception error) => trouble switch
    {
        SqliteTrouble.Busy => "another program holds it",
        SqliteTrouble.Full => "its disk is full",
        SqliteTrouble.Damaged => "the file is damaged or not a SQLite database",
        SqliteTrouble.ReadOnly => "the file, its folder or its file system is read-only",
        SqliteTrouble.CannotOpen when error is UnauthorizedAccessException => "access was denied",
        SqliteTrouble.CannotOpen => "the file, or one that SQLite puts beside it, cannot be opened",
        SqliteTrouble.Moved => "the file was moved or deleted while it was open",
        SqliteTrouble.Memory => "there is no memory left",
        SqliteTrouble.Disk => $"the system could not read or write it (SQLite's code {Code(error)})",
        _ => $"SQLite answers \"{(error as SqliteException)?.Message ?? error.Message}\" (code {Code(error)})",
    };

    private static SqliteTrouble Of(int code, int extended, string? path) => (code, extended) switch
    {
        (_, DatabaseMoved) => SqliteTrouble.Moved,
        (_, NoMemory) or (raw.SQLITE_NOMEM, _) => SqliteTrouble.Memory,
        (_, NoAccess) => SqliteTrouble.CannotOpen,
        (_, DamagedFileSystem) => SqliteTrouble.Damaged,
        (_, NoLock) => SqliteTrouble.Disk,
        // The file of shared memory could not grow, for which only a full disk is known as a reason.
        (_, SharedMemorySize) or (raw.SQLITE_FULL, _) => SqliteTrouble.Full,
        (raw.SQLITE_IOERR, _) => HasNoRoom(path) ? SqliteTrouble.Full : SqliteTrouble.Disk,
        (raw.SQLITE_CANTOPEN, _) => HasNoRoom(path) ? SqliteTrouble.Full : SqliteTrouble.CannotOpen,
        (raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL, _) => SqliteTrouble.Busy,
        (raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT or raw.SQLITE_FORMAT, _) => SqliteTrouble.Damaged,
        (raw.SQLITE_READONLY, _) => SqliteTrouble.ReadOnly,
        (raw.SQLITE_PERM or raw.SQLITE_AUTH, _) => SqliteTrouble.CannotOpen,
        (raw.SQLITE_NOLFS, _) => SqliteTrouble.Disk,
        _ => SqliteTrouble.Other,
    };

    // A write that finds no room is an I/O error when it hits a journal.
    private static bool HasNoRoom(string? path)
    {
        try
        {
            return path is not null && new DriveInfo(Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace < LeastRoom;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Code(Exception error)
        => (error as SqliteException)?.SqliteExtendedErrorCode.ToString(CultureInfo.InvariantCulture) ?? error.HResult.ToString("X8", CultureInfo.InvariantCulture);
}
