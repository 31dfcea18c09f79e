using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Json;
using PeakS3Feed.Formats.Opening;

namespace PeakS3Feed.Fuzz;

/// <summary>Reads a case with the product.</summary>
internal static class ProductReader
{
    /// <summary>Opens it the way a run does.</summary>
    public static async Task<RecordReader> OpenAsync(FuzzCase c, int[] chunks)
    {
        var content = await ContentStream.OpenAsync(new ChunkedStream(c.Stored, chunks), c.Source.Uri, CancellationToken.None);
        return await RecordReaders.OpenAsync(new(c.Type, c.Csv, c.Encoding), content, c.Source.Uri, CancellationToken.None);
    }

    /// <summary>Opens it over a buffer that is small at first, so that rows meet its end.</summary>
    public static async Task<RecordReader> OpenSmallAsync(FuzzCase c, int[] chunks, int buffer, string? separator)
    {
        var content = await ContentStream.OpenAsync(new ChunkedStream(c.Stored, chunks), c.Source.Uri, CancellationToken.None);
        var input = RecordReaders.OpenInput(new(c.Type, c.Csv, c.Encoding), content, c.Source.Uri, initialBytes: buffer);
        return c.Type switch
        {
            FileType.Csv when c.Csv.SkipLastRows > 0 => new CsvFooterReader(OpenCsv(c, input, separator), c.Csv.SkipLastRows),
            FileType.Csv => OpenCsv(c, input, separator),
            FileType.Json => new JsonArrayReader(input, c.Source.Uri),
            _ => new NdjsonReader(input, c.Source.Uri),
        };
    }

    private static CsvReader OpenCsv(FuzzCase c, InputBuffer input, string? separator)
        => new(input, c.Csv with { Separator = separator ?? c.Csv.Separator ?? "," }, c.Source.Uri);

    /// <summary>Reads to the end or to the error.</summary>
    public static async Task<Transcript> ReadAsync(Func<Task<RecordReader>> open)
    {
        var entries = new List<Entry>();
        RecordReader? reader = null;
        FeedException? error = null;
        try
        {
            reader = await open();
            while (await NextAsync(reader) is { } entry)
                entries.Add(entry);
        }
        catch (FeedException e)
        {
            error = e;
        }

        var transcript = new Transcript(entries, [.. reader?.Fields ?? []], error, reader?.FileSeparator);
        if (reader is not null)
            await reader.DisposeAsync();
        return transcript;
    }

    private static async Task<Entry?> NextAsync(RecordReader reader)
    {
        while (true)
        {
            var result = reader.Read();
            switch (result)
            {
                case ReadResult.NeedsData:
                    await reader.FillAsync(CancellationToken.None);
                    break;
                case ReadResult.Row:
                    return EntryOf(reader.Current, null, null);
                case ReadResult.Malformed:
                    return EntryOf(reader.Current, reader.MalformedReason, reader.MalformedField);
                default:
                    return null;
            }
        }
    }

    private static Entry EntryOf(Record record, string? complaint, string? field)
    {
        var cells = new List<Cell>();
        for (var i = 0; i < record.Count && complaint is null; i++)
        {
            if (record.Kind(i) != FieldKind.Missing)
                cells.Add(new Cell(i, record.Kind(i), record.Value(i).ToArray()));
        }

        return new Entry(record.Line, record.ByteOffset, record.Raw.ToArray(), cells, complaint, field);
    }
}
