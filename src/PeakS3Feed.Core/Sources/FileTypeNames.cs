using PeakS3Feed.Formats;

namespace PeakS3Feed.Sources;

/// <summary>The file names of each file type, regardless of case, and also with .gz or .gzip after them.</summary>
public static class FileTypeNames
{
    private static readonly string[] Csv = [".csv", ".tsv", ".psv"];
    private static readonly string[] Json = [".json"];
    private static readonly string[] Ndjson = [".json", ".ndjson", ".jsonl"];
    private static readonly string[] Compressed = [".gz", ".gzip"];

    /// <summary>Returns whether a key's name belongs to a file type.</summary>
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

    /// <summary>Returns the file type of a key's name, or null. A name in .json is that of one array.</summary>
    public static FileType? Find(string key)
        => Enum.GetValues<FileType>().Cast<FileType?>().FirstOrDefault(type => Matches(key, type!.Value));

    /// <summary>Returns the name without the ending of a compressed file.</summary>
    public static ReadOnlySpan<char> Uncompressed(ReadOnlySpan<char> name)
    {
        foreach (var ending in Compressed)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return name[..^ending.Length];
        }
        return name;
    }

    /// <summary>Returns the endings of a file type's names.</summary>
    public static IReadOnlyList<string> List(FileType type) => type switch
    {
        FileType.Csv => Csv,
        FileType.Json => Json,
        _ => Ndjson,
    };
}
