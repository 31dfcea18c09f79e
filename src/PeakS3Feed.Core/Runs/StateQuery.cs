using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace PeakS3Feed.Runs;

/// <summary>Reads rows on demand, 200 at a time; none where the database does not exist yet.</summary>
internal static class StateQuery
{
    private const int Chunk = 200;

    public static async IAsyncEnumerable<T> StreamAsync<T>(
        StateDatabase database,
        Func<SqliteConnection, SqliteCommand> query,
        Func<SqliteDataReader, T> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!database.Exists)
            yield break;
        using var cursor = await Task.Run(() => Cursor.Open(database, query), cancellationToken);
        while (true)
        {
            var rows = await Task.Run(() => cursor.Next(read), cancellationToken);
            foreach (var row in rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return row;
            }

            if (rows.Count < Chunk) yield break;
        }
    }

    private sealed class Cursor(StateDatabase database, SqliteConnection connection, SqliteCommand command, SqliteDataReader reader) : IDisposable
    {
        public static Cursor Open(StateDatabase database, Func<SqliteConnection, SqliteCommand> query) => Translated(database, () =>
        {
            var connection = database.Open();
            SqliteCommand? command = null;
            try
            {
                command = query(connection);
                return new Cursor(database, connection, command, command.ExecuteReader());
            }
            catch
            {
                command?.Dispose();
                connection.Dispose();
                throw;
            }
        });

        public List<T> Next<T>(Func<SqliteDataReader, T> read) => Translated(database, () =>
        {
            var rows = new List<T>();
            while (rows.Count < Chunk && reader.Read()) rows.Add(read(reader));
            return rows;
        });

        public void Dispose()
        {
            reader.Dispose();
            command.Dispose();
            connection.Dispose();
        }

        private static T Translated<T>(StateDatabase database, Func<T> action)
        {
            try
            {
                return action();
            }
            catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw database.Translate(error);
            }
        }
    }
}
