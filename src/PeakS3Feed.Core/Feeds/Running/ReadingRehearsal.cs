using System.Text;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// Reads and types a few rows in memory while a run connects and plans. A process compiles that code when it first uses it; the first object
/// would wait for that.
/// </summary>
internal static class ReadingRehearsal
{
    /// <summary>The number of rows: enough for the code of blocks, too few for other threads to help.</summary>
    public const int RowCount = 400;

    /// <summary>Begins on another thread. Nothing depends on the result. Does nothing if the types of the columns are not known yet.</summary>
    public static void Begin(S3Feed feed)
    {
        if (feed.Schema is { } schema)
            _ = Task.Run(() => ReadAsync(feed.FileType, schema));
    }

    /// <summary>Reads rows with a column for each type of the schema, and returns them.</summary>
    /// <param name="type">The format of the rows.</param>
    /// <param name="schema">Whose types are used.</param>
    public static async Task<AssembledBatch> ReadAsync(FileType type, FeedSchema schema)
    {
        var columns = new List<FeedColumn>();
        foreach (var column in schema.Columns)
        {
            if (!columns.Exists(c => c.Type == column.Type))
                columns.Add(new("c" + columns.Count, "c" + columns.Count, column.Type, column.Scale));
        }

        var source = new SourceObject("memory", "rehearsal", "", 0, DateTimeOffset.UnixEpoch);
        await using var reader = await RecordReaders.OpenAsync(
            new FileFormat(type, new CsvOptions()), new MemoryStream(Encoding.UTF8.GetBytes(Text(type, columns))), source.Uri,
            CancellationToken.None);
        var assembler = new RowAssembler(new FeedSchema(columns), new RowAssemblerOptions { FeedName = "rehearsal", MaxBatchRows = RowCount });
        return await assembler.ReadAsync(reader, source, reuse: null, long.MaxValue, CancellationToken.None);
    }

    private static string Text(FileType type, List<FeedColumn> columns)
    {
        if (type == FileType.Csv)
        {
            var row = string.Join(',', columns.Select(c => Value(c.Type))) + "\n";
            return string.Join(',', columns.Select(c => c.Field)) + "\n" + new StringBuilder().Insert(0, row, RowCount);
        }

        var members = columns.Select(c => IsBare(c.Type) ? $"\"{c.Field}\":{Value(c.Type)}" : $"\"{c.Field}\":\"{Value(c.Type)}\"");
        var items = Enumerable.Repeat($"{{{string.Join(',', members)}}}", RowCount);
        return type == FileType.Json ? $"[{string.Join(',', items)}]" : string.Join('\n', items);
    }

    private static string Value(ColumnType type) => type switch
    {
        ColumnType.Boolean => "true",
        ColumnType.BigInt => "1",
        ColumnType.Decimal or ColumnType.Double => "1.5",
        ColumnType.Date => "2026-01-31",
        ColumnType.Timestamp => "2026-01-31T15:30:00",
        ColumnType.TimestampTz => "2026-01-31T15:30:00Z",
        ColumnType.Json => "{}",
        _ => "text",
    };

    private static bool IsBare(ColumnType type)
        => type is ColumnType.Boolean or ColumnType.BigInt or ColumnType.Decimal or ColumnType.Double or ColumnType.Json;
}
