using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PeakS3Feed.Runs;

/// <summary>Asks SQLite whether the file of an open connection is still the one that its path leads to.</summary>
internal static partial class MovedFile
{
    private const int HasMoved = 20; // SQLITE_FCNTL_HAS_MOVED; on Windows, where an open file cannot be moved, it is not known

    /// <summary>Whether the file was moved, deleted or replaced since it was opened.</summary>
    public static bool IsMoved(SqliteConnection connection)
        => FileControl(connection.Handle!.DangerousGetHandle(), "main", HasMoved, out var moved) == raw.SQLITE_OK && moved != 0;

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial int FileControl(nint connection, string database, int operation, out int answer);
}
