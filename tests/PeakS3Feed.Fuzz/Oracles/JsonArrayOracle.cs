using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PeakS3Feed.Fuzz.Oracles;

/// <summary>JSON arrays: one document of the whole file where it is JSON; where it is not, what every row before the break must obey.</summary>
internal static class JsonArrayOracle
{
    private const int MaxRow = 16 * 1024 * 1024;

    /// <summary>The rows, or null where the file is no JSON array.</summary>
    public static Expectation? Read(byte[] content)
    {
        var json = content.AsMemory(MarkLength(content));
        try
        {
            using var document = JsonDocument.Parse(json, JsonRowOracle.AnyDepth);
            return document.RootElement.ValueKind == JsonValueKind.Array ? Rows(content, document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The error that a file which is no JSON array ends with.</summary>
    public static string ErrorOf(byte[] content)
    {
        var json = content.AsSpan(MarkLength(content));
        var begin = json.IndexOfAnyExcept(" \t\r\n"u8);
        if (begin < 0 || json[begin] != '[')
            return "JsonNotArray";
        try
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = int.MaxValue }));
            while (reader.Read())
            {
            }

            return "JsonTruncated";
        }
        catch (JsonException)
        {
            return "JsonInvalid";
        }
    }

    /// <summary>Throws unless the entries are the first elements: whole JSON values with a comma and blanks between them.</summary>
    public static void RequirePrefix(byte[] content, IReadOnlyList<Entry> entries)
    {
        var rows = new JsonRowOracle();
        var at = MarkLength(content);
        foreach (var entry in entries)
        {
            var between = content.AsSpan(at, (int)entry.Offset - at).Trim(" \t\r\n"u8);
            FuzzFailure.Unless(between.SequenceEqual(ReferenceEquals(entry, entries[0]) ? "["u8 : ","u8), () => $"something was passed over before {entry}");
            FuzzFailure.Unless(content.AsSpan((int)entry.Offset).StartsWith(entry.Raw), () => $"the raw text is not that of the file: {entry}");
            using var document = JsonDocument.Parse(entry.Raw, JsonRowOracle.AnyDepth);
            var cells = rows.CellsOf(document.RootElement);
            var expected = new Entry(1 + LinesIn(content.AsSpan(0, (int)entry.Offset)), entry.Offset, entry.Raw, cells ?? [], cells is null ? "" : null);
            FuzzFailure.Unless(expected.Same(entry), () => $"read {entry}, expected {expected}");
            at = (int)entry.Offset + entry.Raw.Length;
        }
    }

    private static Expectation Rows(byte[] content, JsonElement array)
    {
        var rows = new JsonRowOracle();
        var entries = new List<Entry>();
        var (line, counted) = (1L, 0);
        foreach (var element in array.EnumerateArray())
        {
            var raw = JsonMarshal.GetRawUtf8Value(element);
            var at = (int)Unsafe.ByteOffset(ref content[0], ref MemoryMarshal.GetReference(raw));
            line += LinesIn(content.AsSpan(counted, at - counted));
            counted = at;
            var cells = raw.Length > MaxRow ? null : rows.CellsOf(element);
            if (raw.Length > MaxRow || rows.TooManyFields)
                return new Expectation(entries, rows.Fields, raw.Length > MaxRow ? "JsonRowTooLong" : "JsonTooManyFields", line, at);
            entries.Add(new Entry(line, at, raw.ToArray(), cells ?? [], cells is null ? "" : null));
        }

        return new Expectation(entries, rows.Fields);
    }

    // No element begins between a CR and its LF.
    private static int LinesIn(ReadOnlySpan<byte> bytes) => bytes.Count((byte)'\n') + bytes.Count((byte)'\r') - bytes.Count("\r\n"u8);

    private static int MarkLength(byte[] content) => content is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
}
