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
    public static bool Fits(string key, FileType type)
    {
        var name = key.AsSpan();
        foreach (var ending in Compressed)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                name = name[..^ending.Length];
                break;
            }
        }
        foreach (var ending in Endings(type))
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private static string[] Endings(FileType type) => type switch
    {
        FileType.Csv => Csv,
        FileType.Json => Json,
        _ => Ndjson,
    };
}
