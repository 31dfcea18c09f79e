using System.Data.Common;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>Inserts a row for each object, many rows with one statement, and reuses the statement.</summary>
/// <param name="commands">The connection.</param>
/// <param name="table">The table, quoted.</param>
/// <param name="same">The columns that have the same value in each row.</param>
/// <param name="own">The columns whose values differ from row to row.</param>
internal sealed class LedgerInsert(LedgerCommands commands, string table, IReadOnlyList<(string Column, object Value)> same, IReadOnlyList<string> own)
{
    /// <summary>Inserts all objects.</summary>
    /// <param name="objects">The objects.</param>
    /// <param name="values">The values of an object in its own columns.</param>
    /// <param name="cancellationToken">Stops between two statements, and cancels a statement that waits.</param>
    public async Task WriteAsync(IAsyncEnumerable<SourceObject> objects, Func<SourceObject, object[]> values, CancellationToken cancellationToken)
    {
        DbCommand? command = null;
        var rows = 0;
        try
        {
            await foreach (var page in objects.Chunk(commands.Dialect.RowsPerInsert).WithCancellation(cancellationToken))
            {
                if (command is null || rows != page.Length)
                {
                    if (command is not null)
                        await command.DisposeAsync();
                    rows = page.Length;
                    command = Command(rows);
                }

                var parameter = command.Parameters.Count - (rows * own.Count);
                foreach (var value in page.SelectMany(values))
                    command.Parameters[parameter++].Value = value;
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        finally
        {
            if (command is not null)
                await command.DisposeAsync();
        }
    }

    // Names are short, because SQLite compares each name with all earlier ones.
    private DbCommand Command(int rows)
    {
        var shared = string.Concat(same.Select((_, i) => $"@s{i}, "));
        var lines = Enumerable.Range(0, rows).Select(row => $"({shared}{string.Join(", ", own.Select((_, i) => $"@{Name(row, i)}"))})");
        var command = commands.Command($"INSERT INTO {table} ({string.Join(", ", same.Select(s => s.Column).Concat(own))}) VALUES {string.Join(", ", lines)}");
        for (var i = 0; i < same.Count; i++)
            LedgerCommands.Add(command, $"s{i}", same[i].Value);
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < own.Count; i++)
                LedgerCommands.Add(command, Name(row, i), value: null);
        }
        return command;
    }

    private static string Name(int row, int column) => $"{(char)('a' + column)}{row}";
}
