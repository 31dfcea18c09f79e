using PeakS3Feed.Bench.Data;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Benchmarks;

/// <summary>Rows of the benchmark's data in memory, and their readers.</summary>
internal static class Rows
{
    /// <summary>Three full batches.</summary>
    public const int Count = 3 * 16_384;

    public static byte[] Text(FileType type)
    {
        IRowText format = type == FileType.Csv ? new CsvText() : new JsonText(type == FileType.Json);
        var (maker, row, text) = (new RowMaker(), new BenchRow(), new TextBuffer());
        format.Begin(text);
        for (var i = 0; i < Count; i++)
        {
            maker.Make(i, row);
            format.Add(text, row, i == 0);
        }

        format.End(text);
        return text.Span.ToArray();
    }

    public static ValueTask<RecordReader> OpenAsync(FileType type, byte[] text)
        => RecordReaders.OpenAsync(new(type, new CsvOptions()), new MemoryStream(text), "benchmark", CancellationToken.None);

    /// <summary>Types all rows into the same batch, and returns the last one.</summary>
    public static async Task<RowBatch> AssembleAsync(FileType type, byte[] text)
    {
        await using var reader = await OpenAsync(type, text);
        var assembler = new RowAssembler(new FeedSchema(BenchColumn.All.Select(Column)), new RowAssemblerOptions { FeedName = "benchmark" });
        var source = new SourceObject("benchmark", "rows", "-", text.Length, DateTimeOffset.UnixEpoch);
        RowBatch? batch = null;
        for (var rows = 0L; rows < Count; rows += batch.Count)
        {
            var assembled = await assembler.ReadAsync(reader, source, batch, maxRejects: 1, CancellationToken.None);
            batch = assembled.Rows;
        }

        return batch!;
    }

    private static FeedColumn Column(BenchColumn column)
    {
        var (type, scale) = ColumnTypes.Parse(column.Type);
        return new(column.Name, column.Name, type, scale);
    }
}
