using Microsoft.Data.Sqlite;

namespace PeakS3Feed.Files;

/// <summary>
/// A nameless SQLite database. It is in memory while it is small, and is deleted when its connection closes. Several tasks may use it, so each
/// call of <see cref="Guard(Action)"/> runs under one lock.
/// </summary>
internal sealed class ScratchDatabase : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<SqliteCommand> _kept = [];
    private readonly SqliteConnection _connection;
    private readonly Func<SqliteException, Exception> _convert;

    /// <summary>Opens an empty database.</summary>
    /// <param name="convert">Converts an error of the database, of which the disk is the usual cause.</param>
    public ScratchDatabase(Func<SqliteException, Exception> convert)
    {
        _convert = convert;
        SQLitePCL.Batteries_V2.Init();
        _connection = new SqliteConnection("Data Source="); // an empty name is a private database that SQLite removes itself
        Guard(_connection.Open);
    }

    /// <summary>Runs an action while nobody else uses the database.</summary>
    public void Guard(Action action) => Guard(() =>
    {
        action();
        return true;
    });

    /// <summary>Runs a function while nobody else uses the database.</summary>
    public T Guard<T>(Func<T> action)
    {
        lock (_lock)
        {
            try
            {
                return action();
            }
            catch (SqliteException e)
            {
                throw _convert(e);
            }
        }
    }

    /// <summary>A command that stays open until the database is disposed, for a statement that is executed many times.</summary>
    public SqliteCommand Keep(string sql)
    {
        var command = Prepare(sql);
        _kept.Add(command);
        return command;
    }

    public SqliteCommand Prepare(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    public void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Prepare(sql);
        Run(command, values);
    }

    public static void Run(SqliteCommand command, params ReadOnlySpan<(string Name, object Value)> values)
    {
        Set(command, values);
        command.ExecuteNonQuery();
    }

    public static void Set(SqliteCommand command, params ReadOnlySpan<(string Name, object Value)> values)
    {
        foreach (var (name, value) in values)
        {
            if (command.Parameters.Contains(name))
                command.Parameters[name].Value = value;
            else
                command.Parameters.AddWithValue(name, value);
        }
    }

    /// <summary>
    /// Returns rows. Each row is read under the lock. The reader stays open between two rows, so the caller must not use the database in
    /// any other way until it has read the last row.
    /// </summary>
    public IEnumerable<T> Read<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object Value)[] values)
    {
        using var command = Prepare(sql);
        Set(command, values);
        using var reader = Guard(command.ExecuteReader);
        while (Guard(reader.Read))
            yield return read(reader);
    }

    public void Dispose()
    {
        _kept.ForEach(c => c.Dispose());
        _connection.Dispose();
    }
}
