using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;
using SQLitePCL;

namespace PeakS3Feed.Runs;

/// <summary>
/// The SQLite file of the history. It opens connections, and creates and migrates the tables. Several processes can use it at once; a writer waits up
/// to 30 seconds for another.
/// </summary>
internal sealed class StateDatabase
{
    private const int BusySeconds = 30;

    private volatile bool _ready; // the schema is up to date
    private volatile bool _used; // stays set: a file that this process has used is never created again

    public StateDatabase(string path) => Path = System.IO.Path.GetFullPath(path);

    /// <summary>Returns the database in a state directory.</summary>
    public static StateDatabase FromDirectory(string stateDirectory) => new(System.IO.Path.Combine(stateDirectory, "state.db"));

    public string Path { get; }

    /// <summary>Whether the file exists. Reading a history that was never written must not create it.</summary>
    public bool Exists => _used || File.Exists(Path);

    /// <summary>Executes an action with a connection on the thread pool, because SQLite waits by blocking.</summary>
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

    /// <summary>
    /// Executes a query that creates no file and changes none, on the thread pool. Returns <paramref name="none"/> if there is no database, or one of
    /// another version.
    /// </summary>
    public Task<T> PeekAsync<T>(Func<SqliteConnection, T> query, T none, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            if (!File.Exists(Path))
                return none;
            try
            {
                LoadSqlite();
                // Without a write-ahead log nobody is writing, and SQLite need not create one beside the file to lock it.
                var isAlone = !File.Exists(Path + "-wal");
                using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
                {
                    DataSource = isAlone ? new Uri(Path).AbsoluteUri + "?immutable=1" : Path, Mode = SqliteOpenMode.ReadOnly, Pooling = false,
                    DefaultTimeout = BusySeconds,
                }.ToString());
                connection.Open();
                return StateSchema.IsCurrent(connection) ? query(connection) : none;
            }
            catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw Translate(error);
            }
        },
        cancellationToken);

    /// <summary>Executes an action in one write transaction, on the thread pool.</summary>
    /// <param name="write">The action. If it throws, the transaction is rolled back.</param>
    /// <param name="cancellationToken">Cancels before the action begins.</param>
    /// <param name="durable">Whether to flush the commit to disk, so that it survives a loss of power.</param>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellationToken, bool durable = false) => RunAsync(
        connection =>
        {
            if (durable)
                connection.Execute("PRAGMA synchronous=FULL;");
            using var transaction = connection.BeginTransaction(deferred: false);
            var result = write(connection);
            transaction.Commit();
            return result;
        },
        cancellationToken);

    /// <summary>Opens a connection to an up-to-date database.</summary>
    /// <exception cref="FeedException"><c>RunHistoryMoved</c>: the file that this process uses is no longer at its path, and no other file is
    /// there.</exception>
    public SqliteConnection Open()
    {
        var connection = Connect();
        if (!MovedFile.IsMoved(connection))
            return connection;

        // From now on the file that replaced it is used. Nothing more is written to the moved file.
        connection.Dispose();
        CloseConnections();
        return Connect();
    }

    /// <summary>Converts an exception of SQLite or the file system to an error.</summary>
    public FeedException Translate(Exception error) => SqliteFailures.Classify(error, Path) switch
    {
        // SQLite has many codes for a file that disappears under it, among them failures to open, read and stat.
        _ when IsGone => RunErrors.HistoryMoved(Path, error),
        SqliteFailure.Busy => RunErrors.HistoryBusy(Path, BusySeconds, error),
        SqliteFailure.Full => RunErrors.HistoryFull(Path, error),
        SqliteFailure.Moved => RunErrors.HistoryMoved(Path, error),
        var trouble => RunErrors.HistoryUnusable(Path, trouble, error),
    };

    // SQLite must not create the file: between the check and the opening, somebody may move it.
    private string ConnectionString => field ??= new SqliteConnectionStringBuilder
    {
        DataSource = Path, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = BusySeconds, Pooling = true,
    }.ToString();

    private bool IsGone => _used && !File.Exists(Path);

    private SqliteConnection Connect()
    {
        // A new file would be beside the write-ahead log of the deleted one, and SQLite could mistake that log for its own.
        if (IsGone)
        {
            CloseConnections();
            throw RunErrors.HistoryMoved(Path, inner: null);
        }
        if (!_used)
        {
            PrivateFiles.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);

            // SQLite would create a file that everyone can read. Its -wal and -shm files inherit the mode.
            PrivateFiles.CreateIfMissing(Path);
            LoadSqlite();
        }

        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout={BusySeconds * 1000}; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;");
            if (!_ready) StateSchema.Prepare(connection, Path);
            _ready = true;
            _used = true;
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // The provider looks for the native library by a name that a load context may hide. This call loads it reliably, and repeating it does nothing.
    // It takes some milliseconds: a command that needs no history never makes it, and a run makes it while it connects.
    private static void LoadSqlite() => Batteries_V2.Init();

    // Closes the connections to the file, those in use at the end of their use.
    private void CloseConnections()
    {
        _ready = false;
        using var pool = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(pool);
    }
}

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
