using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Json;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows.Cells;

/// <summary>
/// Writes JSON: the source text of nested values, numbers and booleans of JSON files, strings in quotes, and CSV values that are valid JSON.
/// </summary>
internal sealed class JsonCellWriter(FeedColumn column, bool isKey, ValueLimits limits) : VectorCellWriter<Utf8Vector>(column, isKey)
{
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = JsonRowParser.MaxDepth };

    private readonly ArrayBufferWriter<byte> _quoted = new();

    public override string? Append(ReadOnlySpan<byte> utf8, FieldKind kind)
    {
        if (kind <= FieldKind.Null || (utf8.IsEmpty && kind is FieldKind.Unquoted or FieldKind.Quoted))
            return AppendNull();
        if (kind is FieldKind.Unquoted or FieldKind.Quoted && !IsJson(utf8))
            return NotOfType(utf8, kind);
        var value = kind == FieldKind.JsonString ? Quoted(utf8) : utf8;
        if (RejectReason.ForText(value, limits, ShowsValues) is { } reason)
            return reason;
        if (limits.StoresJsonValues && JsonValues.FindRefusal(value) is { } refused)
            return refused;
        Vector.Append(value);
        return null;
    }

    private static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8, Deep);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private ReadOnlySpan<byte> Quoted(ReadOnlySpan<byte> utf8)
    {
        _quoted.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_quoted, Unescaped);
        writer.WriteStringValue(utf8);
        writer.Flush();
        return _quoted.WrittenSpan;
    }
}
