using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Fuzz.Oracles;

/// <summary>What a whole JSON value is as a row, by a document of it. Keeps the fields that rows have brought.</summary>
internal sealed class JsonRowOracle
{
    private const int MaxDepth = 1000;
    private const int MaxFields = 16_384;
    private const int MaxNameBytes = 4 * 1024 * 1024;

    private readonly List<string> _fields = [];
    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);
    private long _nameBytes;

    public static JsonDocumentOptions AnyDepth { get; } = new() { MaxDepth = int.MaxValue };

    public IReadOnlyList<string> Fields => _fields;

    public bool TooManyFields => _fields.Count > MaxFields || _nameBytes > MaxNameBytes;

    /// <summary>The row's cells, or null when the value is a reject.</summary>
    public IReadOnlyList<Cell>? CellsOf(JsonElement row)
    {
        var raw = JsonMarshal.GetRawUtf8Value(row);
        if (row.ValueKind != JsonValueKind.Object || !Utf8.IsValid(raw) || DepthOf(raw) > MaxDepth)
            return null;
        var members = new Dictionary<string, (FieldKind Kind, byte[] Value)>(StringComparer.Ordinal);
        var order = new List<string>();
        try
        {
            foreach (var member in row.EnumerateObject())
            {
                if (!members.TryAdd(member.Name, ValueOf(member.Value)))
                    return null;
                order.Add(member.Name);
            }
        }
        catch (InvalidOperationException)
        {
            return null; // an escaped lone surrogate
        }

        order.ForEach(Add);
        return [.. members.Select(m => new Cell(_positions[m.Key], m.Value.Kind, m.Value.Value)).OrderBy(c => c.Field)];
    }

    private static (FieldKind Kind, byte[] Value) ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => (FieldKind.JsonString, Encoding.UTF8.GetBytes(value.GetString()!)),
        JsonValueKind.Number => (FieldKind.JsonNumber, JsonMarshal.GetRawUtf8Value(value).ToArray()),
        JsonValueKind.True => (FieldKind.JsonBoolean, "true"u8.ToArray()),
        JsonValueKind.False => (FieldKind.JsonBoolean, "false"u8.ToArray()),
        JsonValueKind.Null => (FieldKind.Null, "null"u8.ToArray()),
        _ => (FieldKind.JsonNested, JsonMarshal.GetRawUtf8Value(value).ToArray()),
    };

    private static int DepthOf(ReadOnlySpan<byte> json)
    {
        var (depth, deepest, inText) = (0, 0, false);
        for (var at = 0; at < json.Length; at++)
        {
            var b = json[at];
            if (inText && b == '\\')
                at++;
            else if (b == '"')
                inText = !inText;
            else if (!inText && b is (byte)'{' or (byte)'[')
                deepest = Math.Max(deepest, ++depth);
            else if (!inText && b is (byte)'}' or (byte)']')
                depth--;
        }

        return deepest;
    }

    private void Add(string name)
    {
        if (!_positions.TryAdd(name, _fields.Count))
            return;
        _fields.Add(name);
        _nameBytes += Encoding.UTF8.GetByteCount(name);
    }
}
