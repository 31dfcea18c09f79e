using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Tests.Formats;

/// <summary>Reads CSV whole, for tests.</summary>
internal static class Csv
{
    public const string Uri = "s3://acme/in/a.csv";

    /// <summary>Rows as text: NULL is ∅, a quoted value stands in quotes, a malformed row is ! and the reason.</summary>
    public static string[] Read(string text, CsvOptions? options = null) => Read(Encoding.UTF8.GetBytes(text), options).Select(r => r.Text).ToArray();

    public static List<Row> Read(byte[] bytes, CsvOptions? options = null, int[]? chunks = null, int buffer = InputBuffer.DefaultBytes)
        => ReadAll(Open(bytes, options ?? new CsvOptions(), chunks ?? [], buffer)).GetAwaiter().GetResult();

    public static (List<Row> Rows, FeedException? Error) ReadToTheEnd(byte[] bytes, CsvOptions options, params int[] chunks)
        => ReadToTheEnd(Open(bytes, options, chunks, buffer: 16)).GetAwaiter().GetResult();

    private static CsvReader Open(byte[] bytes, CsvOptions options, int[] chunks, int buffer)
        => new(new InputBuffer(new ChunkedStream(bytes, chunks), buffer), options, Uri);

    public static async Task<List<Row>> ReadAll(RecordReader reader)
    {
        var (rows, error) = await ReadToTheEnd(reader);
        return error is null ? rows : throw error;
    }

    /// <summary>The rows' values, however they were written; null when a row is malformed or the file cannot be read.</summary>
    public static List<string>? Values(byte[] bytes, CsvOptions options)
    {
        var values = new List<string>();
        var malformed = 0;
        var (_, error) = ReadToTheEnd(
            Open(bytes, options, [], buffer: 16),
            (reader, result) =>
            {
                malformed += result == ReadResult.Malformed ? 1 : 0;
                values.Add(string.Join('‖', Enumerable.Range(0, reader.Current.Count).Select(f => Encoding.UTF8.GetString(reader.Current.Value(f)))));
            }).GetAwaiter().GetResult();
        return error is null && malformed == 0 ? values : null;
    }

    /// <summary>The rows as far as they could be read, and what ended it.</summary>
    public static async Task<(List<Row> Rows, FeedException? Error)> ReadToTheEnd(RecordReader reader, Action<RecordReader, ReadResult>? look = null)
    {
        await using var closing = reader;
        var rows = new List<Row>();
        try
        {
            while (true)
            {
                var result = reader.Read();
                if (result == ReadResult.End)
                    return (rows, null);
                if (result == ReadResult.NeedsData)
                    await reader.FillAsync(CancellationToken.None);
                else
                    rows.Add(Snapshot(reader, result));
                if (result != ReadResult.NeedsData)
                    look?.Invoke(reader, result);
            }
        }
        catch (FeedException error)
        {
            return (rows, error);
        }
    }

    private static Row Snapshot(RecordReader reader, ReadResult result)
    {
        var record = reader.Current;
        var fields = new List<string>();
        for (var field = 0; field < record.Count && result == ReadResult.Row; field++)
        {
            var value = Encoding.UTF8.GetString(record.Value(field));
            fields.Add(record.Kind(field) switch { FieldKind.Null => "∅", FieldKind.Quoted => $"\"{value}\"", _ => value });
        }

        var text = result == ReadResult.Row ? string.Join('‖', fields) : "!" + reader.MalformedReason;
        var fault = result == ReadResult.Row ? null : reader.MalformedField;
        return new Row(text, record.Line, record.ByteOffset, Encoding.UTF8.GetString(record.Raw), record.Raw.Length, fault, string.Join(',', reader.Fields));
    }

    public sealed record Row(string Text, long Line, long ByteOffset, string Raw, int RawLength, string? Fault, string Fields);
}
