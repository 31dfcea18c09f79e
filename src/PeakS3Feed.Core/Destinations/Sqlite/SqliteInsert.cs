using PeakS3Feed.Rows;
using SQLitePCL;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>The prepared INSERT of a load, for one set of columns.</summary>
internal sealed class SqliteInsert : IDisposable
{
    private const int RowsBetweenChecks = 1024;
    private readonly SqliteFile _file;
    private readonly sqlite3_stmt _statement;
    private readonly SqliteParameter[] _parameters;

    /// <param name="file">The database.</param>
    /// <param name="sql">The statement: its parameters are the columns of the batch, then the audit columns.</param>
    /// <param name="batch">A batch with the columns of the statement.</param>
    public SqliteInsert(SqliteFile file, string sql, RowBatch batch)
    {
        _file = file;
        file.Check(raw.sqlite3_prepare_v3(file.Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
        _parameters = new SqliteParameter[batch.Columns.Length];
        for (var i = 0; i < _parameters.Length; i++)
            _parameters[i] = new SqliteParameter(i + 1, batch.Columns[i]);
    }

    /// <summary>Inserts the rows of a batch. Returns how many the table took: a trigger may drop some.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="constants">The values of the audit columns, UTF-8, the same in every row.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    public long Write(RowBatch batch, ReadOnlySpan<byte[]> constants, CancellationToken cancellationToken)
    {
        var statement = _statement.DangerousGetHandle(); // this object owns the statement
        try
        {
            for (var i = 0; i < _parameters.Length; i++)
                _parameters[i].Take(batch.Columns[i]);
            for (var i = 0; i < constants.Length; i++)
                _file.Check(raw.sqlite3_bind_text(_statement, _parameters.Length + i + 1, constants[i]));
            return Write(statement, batch.Count, cancellationToken);
        }
        finally
        {
            _ = raw.sqlite3_reset(_statement); // returns the code that was thrown already
            _ = SqliteNative.ClearBindings(statement);
            foreach (var parameter in _parameters)
                parameter.Release();
        }
    }

    public void Dispose() => _statement.Dispose();

    private long Write(nint statement, int rows, CancellationToken cancellationToken)
    {
        var connection = _file.Handle.DangerousGetHandle();
        var taken = 0L;
        for (var row = 0; row < rows; row++)
        {
            if (row % RowsBetweenChecks == 0)
                cancellationToken.ThrowIfCancellationRequested();
            foreach (var parameter in _parameters)
            {
                if (parameter.Bind(statement, row) is var bound and not raw.SQLITE_OK)
                    _file.Check(bound);
            }
            if (SqliteNative.Step(statement) is var stepped and not raw.SQLITE_DONE)
                _file.Check(stepped);
            taken += SqliteNative.Changes(connection); // 0 where a trigger dropped the row
            if (SqliteNative.Reset(statement) is var reset and not raw.SQLITE_OK)
                _file.Check(reset);
        }
        return taken;
    }
}
