using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Files;
using SQLitePCL;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>An open database file: a connection that waits for other writers, logs the wait, and can be cancelled.</summary>
internal sealed class SqliteFile : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private readonly string _path;
    private readonly string _user;
    private readonly TimeSpan _busyTimeout;
    private readonly ILogger _logger;

    private SqliteFile(SqliteConnection connection, string path, string user, TimeSpan busyTimeout, ILogger logger)
    {
        Connection = connection;
        _path = path;
        _user = user;
        _busyTimeout = busyTimeout;
        _logger = logger;
    }

    public SqliteConnection Connection { get; }

    public sqlite3 Handle => Connection.Handle!;

    /// <summary>Opens the file; creates it where it is missing.</summary>
    /// <param name="path">The file, absolute.</param>
    /// <param name="user">Who uses it, for messages.</param>
    /// <param name="busyTimeout">How long to wait for another program's lock.</param>
    /// <param name="logger">Logs waits of more than a second.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<SqliteFile> OpenAsync(
        string path, string user, TimeSpan busyTimeout, ILogger logger, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            PrivateFiles.CreateDirectory(folder);
        PrivateFiles.CreateIfMissing(path); // SQLite gives its journal the same mode
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 1, // the driver's minimum, and it cannot be cancelled: WaitAsync waits longer
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            var file = new SqliteFile(connection, path, user, busyTimeout, logger);
            // The statement reads the file's schema, which a committing writer or a rollback of a journal blocks.
            await file.WaitAsync("PRAGMA synchronous = FULL", cancellationToken);
            return file;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a transaction that may write, waiting for another writer.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await WaitAsync("PRAGMA cache_size = -8192", cancellationToken); // KiB: fewer pages are written before the commit
        await WaitAsync("BEGIN IMMEDIATE", cancellationToken);
    }

    /// <summary>Commits, waiting for readers.</summary>
    public Task CommitAsync() => WaitAsync("COMMIT", CancellationToken.None);

    /// <summary>Rolls back. Ignores that an error may have ended the transaction already.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(Handle) == 0)
            _ = raw.sqlite3_exec(Handle, "ROLLBACK");
    }

    /// <summary>Executes a statement without parameters.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(Handle, sql));

    /// <summary>Throws if the code is an error.</summary>
    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            throw new SqliteException(raw.sqlite3_errmsg(Handle).utf8_to_string(), code & 0xff, raw.sqlite3_extended_errcode(Handle));
    }

    /// <summary>Repeats an action until no other program's lock blocks it; throws <see cref="SqliteBusyException"/> after the timeout.</summary>
    public async Task<T> WaitAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var logged = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await action();
            }
            catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
            {
                var waited = Stopwatch.GetElapsedTime(started);
                if (waited > _busyTimeout)
                    throw new SqliteBusyException(_path, waited);
                if (!logged && waited > TimeSpan.FromSeconds(1))
                {
                    logged = true;
                    _logger.LogWarning(
                        "{User} waits for another program that uses {Path}, for {Timeout} seconds at most.", _user, _path, _busyTimeout.TotalSeconds);
                }
            }
            await Task.Delay(Poll, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    private Task<bool> WaitAsync(string sql, CancellationToken cancellationToken) => WaitAsync(
        () =>
        {
            Execute(sql);
            return Task.FromResult(true);
        }, cancellationToken);
}
