using System.Text;
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
    {
        var input = new InputBuffer(new ChunkedStream(bytes, chunks ?? []), buffer);
        var reader = new CsvReader(input, options ?? new CsvOptions(), Uri);
        return ReadAll(reader).GetAwaiter().GetResult();
    }

    public static async Task<List<Row>> ReadAll(RecordReader reader)
    {
        await using var closing = reader;
        var rows = new List<Row>();
        while (true)
        {
            var result = reader.Read();
            if (result == ReadResult.End)
                return rows;
            if (result == ReadResult.NeedsData)
                await reader.FillAsync(CancellationToken.None);
            else
                rows.Add(Snapshot(reader, result));
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

        var text = result == ReadResult.Row ? string.Join('‖', fields) : "!" + reader.Malformation;
        return new Row(text, record.Line, record.ByteOffset, Encoding.UTF8.GetString(record.Raw), string.Join(',', reader.Fields));
    }

    public sealed record Row(string Text, long Line, long ByteOffset, string Raw, string Fields);
}
