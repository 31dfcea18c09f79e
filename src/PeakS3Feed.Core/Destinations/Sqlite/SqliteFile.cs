using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Files;
using SQLitePCL;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>An open database file: a connection, and waiting for other writers in a way that can be seen and cancelled.</summary>
internal sealed class SqliteFile : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private readonly string _path;
    private readonly TimeSpan _busyTimeout;
    private readonly ILogger _logger;

    private SqliteFile(SqliteConnection connection, string path, TimeSpan busyTimeout, ILogger logger)
    {
        Connection = connection;
        _path = path;
        _busyTimeout = busyTimeout;
        _logger = logger;
    }

    public SqliteConnection Connection { get; }

    public sqlite3 Handle => Connection.Handle!;

    /// <summary>Opens the file, and makes it where it is missing.</summary>
    public static async Task<SqliteFile> OpenAsync(string path, TimeSpan busyTimeout, ILogger logger, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            PrivateFiles.CreateDirectory(folder);
        PrivateFiles.CreateIfMissing(path); // SQLite gives its journal the same mode
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = (int)busyTimeout.TotalSeconds + 1,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            var file = new SqliteFile(connection, path, busyTimeout, logger);
            // Both read the file's schema, which a writer that is committing (or a journal being rolled back) keeps from being read.
            await file.WaitAsync("PRAGMA synchronous = FULL", path, cancellationToken);
            await file.WaitAsync("PRAGMA cache_size = -32768", path, cancellationToken); // KiB: fewer pages spilled in mid-transaction
            return file;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a transaction that may write, waiting for another writer.</summary>
    public Task BeginAsync(string what, CancellationToken cancellationToken) => WaitAsync("BEGIN IMMEDIATE", what, cancellationToken);

    /// <summary>Commits, waiting for readers.</summary>
    public Task CommitAsync() => WaitAsync("COMMIT", _path, CancellationToken.None);

    /// <summary>Rolls back; an error that ended the transaction already is no error here.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(Handle) == 0)
            _ = raw.sqlite3_exec(Handle, "ROLLBACK");
    }

    /// <summary>Runs a statement without parameters.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(Handle, sql));

    /// <summary>Throws for an error code.</summary>
    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            throw new SqliteException(raw.sqlite3_errmsg(Handle).utf8_to_string(), code & 0xff, raw.sqlite3_extended_errcode(Handle));
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    private async Task WaitAsync(string sql, string what, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var told = false;
        while (true)
        {
            var code = raw.sqlite3_exec(Handle, sql);
            if ((code & 0xff) is not (raw.SQLITE_BUSY or raw.SQLITE_LOCKED))
            {
                Check(code);
                return;
            }
            var waited = Stopwatch.GetElapsedTime(started);
            if (waited > _busyTimeout)
                throw new SqliteBusyException(_path, waited);
            if (!told && waited > TimeSpan.FromSeconds(1))
            {
                told = true;
                _logger.LogWarning("{What} waits for another program that writes to {Path}, for {Timeout} seconds at most.", what, _path, _busyTimeout.TotalSeconds);
            }
            await Task.Delay(Poll, cancellationToken);
        }
    }
}
