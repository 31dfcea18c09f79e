using System.Globalization;
using System.Runtime.CompilerServices;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>Reads rows of a feed's table. Until the last one is read, other programs cannot commit.</summary>
internal sealed class SqliteRows(SqliteFile file, SqliteCommands commands)
{
    public async IAsyncEnumerable<TableRow> ReadAsync(
        SelectedColumns columns, RowSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sql = SqlRowQuery.Write(commands.Dialect.Table(commands.Target.Table), columns, selection, (name, _) => "@" + name);
        await using var command = commands.Create(sql);
        foreach (var (name, value) in SqlRowQuery.Values(selection))
            SqlCommands.Add(command, name, value);
        await using var reader = await file.WaitAsync(() => command.ExecuteReaderAsync(cancellationToken), cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var values = new object?[columns.All.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = reader.IsDBNull(i) ? null : Value(reader.GetValue(i), columns.Known[i]);
            yield return new(columns.Names, values);
        }
    }

    // SQLite has whole numbers, floating-point numbers, texts and bytes; the feed's column says what they mean.
    private static object Value(object stored, FeedColumn? column) => (stored, column?.Type) switch
    {
        (string text, { } type) => CellValue.Parse(text, type),
        (long number, ColumnType.Boolean or ColumnType.Decimal)
            => CellValue.Parse(number.ToString(CultureInfo.InvariantCulture), column!.Type),
        (long number, ColumnType.Double) => (double)number,
        _ => stored,
    };
}
