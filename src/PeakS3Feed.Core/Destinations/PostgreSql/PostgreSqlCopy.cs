using Npgsql;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>Executes COPY commands into one table, one after another, and counts the rows that the server took.</summary>
internal sealed class PostgreSqlCopy
{
    // A message that fits in the driver's buffer is one call of the system with its header, and stays in the processor's cache on its way through the
    // server. Messages of 160 KB cost the server 7 % more processor time.
    private const int MessageBytes = 64 * 1024;
    private const int AbortMilliseconds = 1000; // if the server does not answer, the connection is closed, and the transaction with it

    private readonly NpgsqlConnection _connection;
    private readonly string _countSource;
    private NpgsqlRawCopyStream? _stream;
    private long _countBefore;
    private long _sent;

    private PostgreSqlCopy(NpgsqlConnection connection, string countSource) => (_connection, _countSource) = (connection, countSource);

    public bool IsOpen => _stream is not null;

    /// <summary>
    /// Prepares the row count. The driver does not return how many rows a raw COPY took, so the session's own counter of inserted
    /// tuples is read, which also shows rows that a trigger dropped. It does not work for partitioned tables or with track_counts
    /// off; there the number of sent rows stands alone.
    /// </summary>
    /// <param name="connection">The session.</param>
    /// <param name="table">The table, quoted, as COPY names it.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    public static async Task<PostgreSqlCopy> PrepareAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT (relkind = 'r' AND current_setting('track_counts')::boolean)::text FROM pg_class WHERE oid = $1::regclass", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table });
        return new PostgreSqlCopy(connection, await command.ExecuteScalarAsync(cancellationToken) is "true"
            ? $"SELECT pg_stat_get_xact_tuples_inserted('{table.Replace("'", "''", StringComparison.Ordinal)}'::regclass)"
            : "");
    }

    public async Task BeginAsync(string statement, CancellationToken cancellationToken)
    {
        _countBefore = await CountAsync(cancellationToken);
        _stream = await _connection.BeginRawBinaryCopyAsync(statement, cancellationToken);
        _sent = 0;
        await _stream.WriteAsync(PgEncoder.Header, cancellationToken);
    }

    /// <summary>Sends rows in the binary COPY format.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> encoded, int rows, CancellationToken cancellationToken)
    {
        for (var at = 0; at < encoded.Length; at += MessageBytes)
            await _stream!.WriteAsync(encoded.Slice(at, Math.Min(MessageBytes, encoded.Length - at)), cancellationToken);
        _sent += rows;
    }

    /// <summary>Ends the COPY, if one is open; returns the number of rows that it added.</summary>
    public async Task<long> EndAsync(CancellationToken cancellationToken)
    {
        if (_stream is not { } stream)
            return 0;
        await stream.WriteAsync(PgEncoder.Trailer, cancellationToken);
        _stream = null;
        await stream.DisposeAsync(); // completes the COPY
        return _countSource.Length == 0 ? _sent : await CountAsync(cancellationToken) - _countBefore;
    }

    /// <summary>Aborts the COPY, if one is open; closes the connection where the server does not answer.</summary>
    public async Task AbortAsync()
    {
        if (_stream is not { } stream)
            return;
        _stream = null;
        stream.WriteTimeout = stream.ReadTimeout = AbortMilliseconds;
        await stream.CancelAsync();
        await stream.DisposeAsync();
    }

    private async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        if (_countSource.Length == 0)
            return 0;
        await using var command = new NpgsqlCommand(_countSource, _connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
