using PeakS3Feed.Formats;

namespace PeakS3Feed.Sources;

/// <summary>Which file names belong to a file type, any case, each also with .gz or .gzip.</summary>
internal static class FileTypeNames
{
    private static readonly string[] Csv = [".csv", ".tsv", ".psv"];
    private static readonly string[] Json = [".json"];
    private static readonly string[] Ndjson = [".json", ".ndjson", ".jsonl"];
    private static readonly string[] Compressed = [".gz", ".gzip"];

    /// <summary>Whether the key's name fits.</summary>
    public static bool Matches(string key, FileType type)
    {
        var name = Uncompressed(key);
        foreach (var ending in List(type))
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>The name without the ending of a compressed file.</summary>
    public static ReadOnlySpan<char> Uncompressed(ReadOnlySpan<char> name)
    {
        foreach (var ending in Compressed)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return name[..^ending.Length];
        }
        return name;
    }

    /// <summary>The endings of a file type's names.</summary>
    public static IReadOnlyList<string> List(FileType type) => type switch
    {
        FileType.Csv => Csv,
        FileType.Json => Json,
        _ => Ndjson,
    };
}
