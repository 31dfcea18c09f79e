using System.Text;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Json;

namespace PeakS3Feed.Tests.Formats.Json;

/// <summary>Reads JSON files whole, for tests.</summary>
internal static class JsonRows
{
    public const string Uri = "s3://acme/in/a.json";

    /// <summary>
    /// Rows as text, <c>name=value</c> in the order of the reader's fields; a string stands in quotes, unescaped; a malformed row is ! and the reason.
    /// </summary>
    public static string[] Read(FileType type, string text) => [.. Read(type, Encoding.UTF8.GetBytes(text)).Select(r => r.Text)];

    public static List<Row> Read(FileType type, byte[] bytes, int[]? chunks = null, int buffer = InputBuffer.DefaultBytes)
    {
        var input = new InputBuffer(new ChunkedStream(bytes, chunks ?? []), buffer);
        return ReadAllAsync(type == FileType.Json ? new JsonArrayReader(input, Uri) : new NdjsonReader(input, Uri)).GetAwaiter().GetResult();
    }

    private static async Task<List<Row>> ReadAllAsync(RecordReader reader)
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

    public static Row Snapshot(RecordReader reader, ReadResult result)
    {
        var record = reader.Current;
        var text = new List<string>();
        for (var field = 0; field < record.Count && result == ReadResult.Row; field++)
        {
            if (record.Kind(field) != FieldKind.Missing)
                text.Add($"{reader.Fields[field]}={Shown(record, field)}");
        }

        return new Row(
            result == ReadResult.Row ? string.Join(' ', text) : "!" + reader.MalformedReason,
            result == ReadResult.Row ? null : reader.MalformedField,
            record.Line,
            record.ByteOffset,
            Encoding.UTF8.GetString(record.Raw),
            reader.Fields.Count);
    }

    private static string Shown(PeakS3Feed.Formats.Record record, int field)
    {
        var value = Encoding.UTF8.GetString(record.Value(field));
        return record.Kind(field) switch
        {
            FieldKind.JsonString => $"\"{value}\"",
            FieldKind.Null => value == "null" ? "∅" : "?",
            _ => value,
        };
    }

    public sealed record Row(string Text, string? Field, long Line, long ByteOffset, string Raw, int Fields);
}
