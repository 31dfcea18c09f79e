using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PeakS3Feed.Runs;

/// <summary>Checks whether the file of an open SQLite connection is still at its path.</summary>
internal static partial class MovedFile
{
    private const int HasMoved = 20; // SQLITE_FCNTL_HAS_MOVED; unknown on Windows, where an open file cannot be moved

    /// <summary>Whether the file was moved, deleted or replaced after it was opened.</summary>
    public static bool IsMoved(SqliteConnection connection)
        => FileControl(connection.Handle!.DangerousGetHandle(), "main", HasMoved, out var moved) == raw.SQLITE_OK && moved != 0;

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial int FileControl(nint connection, string database, int operation, out int answer);
}
