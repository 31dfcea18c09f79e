using System.Text.Json;

namespace PeakS3Feed.Formats.Json;

/// <summary>Describes a file that begins with an object instead of an array.</summary>
/// <param name="IsLines">Whether each line seems to contain one object, as in Ndjson.</param>
/// <param name="RowsMember">The first member of the object that is an array of objects, or null.</param>
internal sealed record JsonObjectFile(bool IsLines, string? RowsMember)
{
    /// <summary>The number of bytes examined: 64 KiB.</summary>
    public const int SampleBytes = 64 * 1024;

    /// <summary>Inspects the start of the file.</summary>
    /// <param name="start">The bytes of the file from the object on.</param>
    /// <param name="final">Whether the file ends with them.</param>
    public static JsonObjectFile Inspect(ReadOnlySpan<byte> start, bool final)
    {
        var member = RowsMemberOf(start, final);
        var lineEnd = start.IndexOfAny((byte)'\r', (byte)'\n');
        var line = lineEnd < 0 ? start : start[..lineEnd];
        var rest = lineEnd < 0 ? [] : start[lineEnd..].TrimStart(" \t\r\n"u8);
        // A first line without a line end is complete only at the end of the file.
        var isLines = (lineEnd >= 0 || final) && IsObject(line) && (rest.IsEmpty ? member is null : rest[0] == '{');
        return new JsonObjectFile(isLines, member);
    }

    private static bool IsObject(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        try
        {
            reader.Read();
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? RowsMemberOf(ReadOnlySpan<byte> start, bool final)
    {
        var reader = new Utf8JsonReader(start, final, default);
        string? member = null;
        try
        {
            while (reader.Read() && !(reader.CurrentDepth == 0 && reader.TokenType == JsonTokenType.EndObject))
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                    member = reader.GetString();
                else if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == 2 && member is not null)
                    return member;
                else if (reader.CurrentDepth == 1 && reader.TokenType != JsonTokenType.StartArray)
                    member = null;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }

        return null;
    }
}
