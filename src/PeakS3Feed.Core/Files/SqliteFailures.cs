using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PeakS3Feed.Files;

/// <summary>Classifies errors of SQLite, including their extended codes (https://www.sqlite.org/rescode.html), and describes them.</summary>
internal static class SqliteFailures
{
    private const int DatabaseMoved = raw.SQLITE_READONLY | (4 << 8);
    private const int NoMemory = raw.SQLITE_IOERR | (12 << 8);
    private const int NoAccess = raw.SQLITE_IOERR | (13 << 8);
    private const int NoLock = raw.SQLITE_IOERR | (15 << 8);
    private const int SharedMemorySize = raw.SQLITE_IOERR | (19 << 8);
    private const int DamagedFileSystem = raw.SQLITE_IOERR | (33 << 8);
    private const long MinFreeBytes = 1024 * 1024;

    // ENOSPC, EDQUOT of Linux and macOS, EROFS; ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL, ERROR_WRITE_PROTECT.
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;
    private const int WindowsFull = unchecked((int)0x80070070);
    private const int WindowsHandleFull = unchecked((int)0x80070027);
    private const int WindowsWriteProtected = unchecked((int)0x80070013);

    /// <summary>Classifies an exception of SQLite or of the file system for a database file.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="path">The file, or a folder, to check for free space; null for none.</param>
    public static SqliteFailure Classify(Exception error, string? path) => error switch
    {
        SqliteException sqlite => Classify(sqlite.SqliteErrorCode, sqlite.SqliteExtendedErrorCode, path),
        UnauthorizedAccessException => SqliteFailure.CannotOpen,
        IOException { HResult: NoSpace or WindowsFull or WindowsHandleFull } => SqliteFailure.Full,
        IOException { HResult: LinuxQuota } when OperatingSystem.IsLinux() => SqliteFailure.Full,
        IOException { HResult: MacQuota } when OperatingSystem.IsMacOS() => SqliteFailure.Full,
        IOException { HResult: ReadOnlyFileSystem or WindowsWriteProtected } => SqliteFailure.ReadOnly,
        IOException => SqliteFailure.CannotOpen,
        _ => SqliteFailure.Other,
    };

    /// <summary>Describes the failure as the end of a sentence.</summary>
    public static string Describe(SqliteFailure trouble, Exception error) => trouble switch
    {
        SqliteFailure.Busy => "another program has locked it",
        SqliteFailure.Full => "its disk is full",
        SqliteFailure.Damaged => "the file is damaged or not a SQLite database",
        SqliteFailure.ReadOnly => "the file, its folder or its file system is read-only",
        SqliteFailure.CannotOpen when error is UnauthorizedAccessException => "access was denied",
        SqliteFailure.CannotOpen => "the file, or one that SQLite puts beside it, cannot be opened",
        SqliteFailure.Moved => "the file was moved or deleted while it was open",
        SqliteFailure.Memory => "there is not enough memory",
        SqliteFailure.Disk => $"the system could not read or write it (SQLite's code {Code(error)})",
        _ => $"SQLite answers \"{(error as SqliteException)?.Message ?? error.Message}\" (code {Code(error)})",
    };

    private static SqliteFailure Classify(int code, int extended, string? path) => (code, extended) switch
    {
        (_, DatabaseMoved) => SqliteFailure.Moved,
        (_, NoMemory) or (raw.SQLITE_NOMEM, _) => SqliteFailure.Memory,
        (_, NoAccess) => SqliteFailure.CannotOpen,
        (_, DamagedFileSystem) => SqliteFailure.Damaged,
        (_, NoLock) => SqliteFailure.Disk,
        // SQLite could not grow the shared-memory file. The only known reason is a full disk.
        (_, SharedMemorySize) or (raw.SQLITE_FULL, _) => SqliteFailure.Full,
        (raw.SQLITE_IOERR, _) => HasNoRoom(path) ? SqliteFailure.Full : SqliteFailure.Disk,
        (raw.SQLITE_CANTOPEN, _) => HasNoRoom(path) ? SqliteFailure.Full : SqliteFailure.CannotOpen,
        (raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL, _) => SqliteFailure.Busy,
        (raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT or raw.SQLITE_FORMAT, _) => SqliteFailure.Damaged,
        (raw.SQLITE_READONLY, _) => SqliteFailure.ReadOnly,
        (raw.SQLITE_PERM or raw.SQLITE_AUTH, _) => SqliteFailure.CannotOpen,
        (raw.SQLITE_NOLFS, _) => SqliteFailure.Disk,
        _ => SqliteFailure.Other,
    };

    // Without free space, a write to a journal fails with an I/O error.
    private static bool HasNoRoom(string? path)
    {
        try
        {
            if (path is null)
                return false;
            var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
            return new DriveInfo(folder).AvailableFreeSpace < MinFreeBytes;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Code(Exception error)
        => (error as SqliteException)?.SqliteExtendedErrorCode.ToString(CultureInfo.InvariantCulture)
            ?? error.HResult.ToString("X8", CultureInfo.InvariantCulture);
}

/// <summary>The reason why a SQLite file cannot be used.</summary>
internal enum SqliteFailure
{
    /// <summary>Another reason; the error code identifies it.</summary>
    Other,

    /// <summary>Another program has locked the file.</summary>
    Busy,

    /// <summary>The disk is full.</summary>
    Full,

    /// <summary>The file is damaged or not a SQLite database.</summary>
    Damaged,

    /// <summary>The file, its folder or its file system is read-only.</summary>
    ReadOnly,

    /// <summary>The file, or a file that SQLite puts beside it, cannot be opened.</summary>
    CannotOpen,

    /// <summary>The file was moved or deleted while it was open.</summary>
    Moved,

    /// <summary>The system could not read or write the file.</summary>
    Disk,

    /// <summary>There is not enough memory.</summary>
    Memory,
}
