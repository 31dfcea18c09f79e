using System.Text.Json;

namespace PeakS3Feed.Fuzz.Oracles;

/// <summary>NDJSON: the lines first, then each for itself.</summary>
internal static class NdjsonOracle
{
    private const int MaxRow = 16 * 1024 * 1024;

    public static Expectation Read(byte[] content)
    {
        var at = content is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        var lineEnd = LineEndOf(content.AsSpan(at));
        var rows = new JsonRowOracle();
        var entries = new List<Entry>();
        for (var line = 1; at < content.Length; line++)
        {
            var length = content.AsSpan(at).IndexOf(lineEnd);
            var isLast = length < 0;
            length = isLast ? content.Length - at : length;
            var raw = content.AsMemory(at, length);
            if (length - (!isLast && raw.Span is [.., (byte)'\r'] ? 1 : 0) > MaxRow)
                return new Expectation(entries, rows.Fields, "JsonRowTooLong", line, at);
            if (raw.Span.ContainsAnyExcept(" \t\r\n"u8))
            {
                var cells = CellsOf(rows, raw.Trim(" \t\r\n"u8));
                if (rows.TooManyFields)
                    return new Expectation(entries, rows.Fields, "JsonTooManyFields", line, at);
                entries.Add(new Entry(line, at, raw.TrimEnd((byte)'\r').ToArray(), cells ?? [], cells is null ? "" : null));
            }

            at += length + 1;
        }

        return new Expectation(entries, rows.Fields);
    }

    private static IReadOnlyList<Cell>? CellsOf(JsonRowOracle rows, ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, JsonRowOracle.AnyDepth);
            return rows.CellsOf(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // LF, or CR where the first one stands alone.
    private static byte LineEndOf(ReadOnlySpan<byte> content)
    {
        var first = content.IndexOfAny((byte)'\r', (byte)'\n');
        var isCr = first >= 0 && content[first] == '\r' && !content[(first + 1)..].StartsWith("\n"u8);
        return isCr ? (byte)'\r' : (byte)'\n';
    }
}
