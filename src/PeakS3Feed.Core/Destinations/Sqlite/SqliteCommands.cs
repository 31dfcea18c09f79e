using System.Data.Common;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>Commands on a SQLite file. Queries wait for another program's lock.</summary>
internal sealed class SqliteCommands(SqliteFile file, SqlDialect dialect, LoadTarget target) : SqlCommands(file.Connection, dialect, target)
{
    public override Task<List<T>> QueryAsync<T>(DbCommand command, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        => file.WaitAsync(() => base.QueryAsync(command, read, cancellationToken), cancellationToken);
}
