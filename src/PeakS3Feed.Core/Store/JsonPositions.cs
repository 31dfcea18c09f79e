using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace PeakS3Feed.Store;

/// <summary>Finds the positions of members in a JSON text, for messages. Created only when there is a problem.</summary>
internal sealed class JsonPositions
{
    private readonly Dictionary<string, TextPosition> _byPath = new(StringComparer.Ordinal);
    private readonly List<int> _lineStarts = [0];

    public JsonPositions(ReadOnlySpan<byte> json)
    {
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] == '\n') _lineStarts.Add(i + 1);
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (reader.Read()) Value(ref reader, "$");
    }

    /// <summary>The paths of members that occur twice in one object.</summary>
    public List<string> Duplicates { get; } = [];

    /// <summary>Returns the position of a path's name or element; for a missing member, the position of its nearest parent.</summary>
    public TextPosition? Find(string path)
    {
        for (var at = path; at.Length > 0;)
        {
            if (_byPath.TryGetValue(at, out var found)) return found;
            at = at[..Math.Max(0, at.AsSpan().LastIndexOfAny('.', '['))];
        }

        return null;
    }

    /// <summary>Returns the path of a member.</summary>
    public static string Member(string path, string name) => new StringBuilder(path).Append('.').Append(name).ToString();

    /// <summary>Returns the path of an element.</summary>
    public static string Element(string path, int index) => $"{path}[{index}]";

    private void Value(ref Utf8JsonReader reader, string path)
    {
        _byPath.TryAdd(path, At(reader.TokenStartIndex));
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++) Value(ref reader, Element(path, i));
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject) return;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = Member(path, reader.GetString()!);
            if (!_byPath.TryAdd(member, At(reader.TokenStartIndex))) Duplicates.Add(member);
            reader.Read();
            Value(ref reader, member);
        }
    }

    private TextPosition At(long offset)
    {
        var line = _lineStarts.BinarySearch((int)offset);
        if (line < 0) line = ~line - 1;
        return new(line + 1, (int)offset - _lineStarts[line] + 1);
    }
}

/// <summary>A position in a text.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The byte within the line, from 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextPosition(int Line, int Column)
{
    public override string ToString() => $"line {Line}, column {Column}";
}
