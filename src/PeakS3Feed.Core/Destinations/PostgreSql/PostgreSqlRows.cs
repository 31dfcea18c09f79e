using System.Runtime.CompilerServices;
using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Rows;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>
/// Reads rows of a feed's table, within a transaction of the caller. The server writes the values as text, because a table may have types and values
/// that the driver's types do not hold, such as <c>infinity</c> or a number of a thousand digits.
/// </summary>
internal sealed class PostgreSqlRows(SqlCommands commands)
{
    public async IAsyncEnumerable<TableRow> ReadAsync(
        SelectedColumns columns, RowSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await commands.ExecuteAsync("SET TRANSACTION READ ONLY", cancellationToken);
        await commands.ExecuteAsync("SET LOCAL datestyle = 'ISO, YMD'", cancellationToken);
        var table = commands.Dialect.Table(commands.Target.Table);
        // A cast of the value, and not of the column, lets the server use an index.
        var sql = SqlRowQuery.Write(table, columns, selection, (name, column) => $"CAST(@{name} AS {column.Type})");
        await using var command = (NpgsqlCommand)commands.Create(sql);
        command.AllResultTypesAreUnknown = true;
        foreach (var (name, value) in SqlRowQuery.Values(selection))
            SqlCommands.Add(command, name, value);
        var types = columns.All.Select(c => WireTypes.Find(c.Type)).ToArray();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var values = new object?[types.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = await reader.IsDBNullAsync(i, cancellationToken) ? null : CellValue.Parse(reader.GetString(i), types[i]);
            yield return new(columns.Names, values);
        }
    }
}
