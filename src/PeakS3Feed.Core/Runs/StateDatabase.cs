using Microsoft.Data.Sqlite;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Runs;

/// <summary>
/// The SQLite file of the history: opens connections to it, makes and migrates its tables. Several processes use it at once;
/// a writer waits up to 30 seconds for another.
/// </summary>
internal sealed class StateDatabase
{
    private const int BusySeconds = 30;

    private readonly string _connectionString;
    private volatile bool _ready;

    public StateDatabase(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = Path, DefaultTimeout = BusySeconds, Pooling = true }.ToString();

        // The provider looks for the native library by a name that a load context may hide; this binds it for certain. Calling it again does nothing.
        SQLitePCL.Batteries_V2.Init();
    }

    /// <summary>The one of a state directory.</summary>
    public static StateDatabase Of(string stateDirectory) => new(System.IO.Path.Combine(stateDirectory, "state.db"));

    public string Path { get; }

    /// <summary>Whether there is a file; reading a history that nobody ever wrote must not make one.</summary>
    public bool Exists => _ready || File.Exists(Path);

    /// <summary>Runs something on a connection, away from the caller's thread: SQLite waits by blocking.</summary>
    public Task<T> RunAsync<T>(Func<SqliteConnection, T> action, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                using var connection = Open();
                return action(connection);
            }
            catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw Translate(error);
            }
        },
        cancellationToken);

    /// <summary>Opens a connection to an up-to-date database.</summary>
    public SqliteConnection Open()
    {
        if (!_ready)
        {
            PrivateFiles.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);

            // SQLite would make it for everyone; -wal and -shm take over its mode.
            PrivateFiles.CreateIfMissing(Path);
        }

        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout={BusySeconds * 1000}; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;");
            if (!_ready) StateSchema.Prepare(connection, Path);
            _ready = true;
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The error for what SQLite or the file system said.</summary>
    public FeedException Translate(Exception error) => RunErrors.HistoryUnusable(Path, Reason(error), error);

    private static string Reason(Exception error) => error switch
    {
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED }
            => $"another process has been writing to it for {BusySeconds} seconds",
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT } => "the file is damaged or no SQLite database",
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL } => "the disk is full",
        SqliteException sqlite => $"SQLite reports error {sqlite.SqliteExtendedErrorCode}",
        UnauthorizedAccessException => "access was denied",
        _ => "the system could not open it",
    };
}
