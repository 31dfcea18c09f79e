using System.Text;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>The values of the partition columns that all rows of a file share, in the order of the columns.</summary>
/// <param name="Values">Column and value; null for NULL, and for an empty text, which a Delta table cannot tell from NULL.</param>
internal sealed record PartitionValues(IReadOnlyList<KeyValuePair<string, string?>> Values)
{
    // The name that Hive, and with it every engine, gives the folder of NULL.
    private const string NullFolder = "__HIVE_DEFAULT_PARTITION__";

    // A name in an object store may have at most 1,024 bytes; a folder of a file system 255.
    private const int MaxFolderBytes = 200;

    /// <summary>The values of a table without partitions.</summary>
    public static PartitionValues None { get; } = new([]);

    /// <summary>The folder of the files: <c>country=DE/year=2026/</c>; empty for a table without partitions.</summary>
    public string Folder => string.Concat(Values.Select(v => $"{Escape(v.Key)}={(v.Value is null ? NullFolder : Shorten(Escape(v.Value)))}/"));

    // As Hive and Spark write folders. The folder is for people and for Hive; readers of Delta take the values from the log.
    private static string Escape(string value)
    {
        var escaped = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            if (c < ' ' || c == '\x7F' || "\"#%'*/:<=>?\\{[]^|".Contains(c, StringComparison.Ordinal))
                escaped.Append('%').Append(((int)c).ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            else
                escaped.Append(c);
        }
        return escaped.ToString();
    }

    // Windows drops a dot or a space at the end of a name. A name of dots alone means another folder.
    private static bool EndsBadly(string folder) => folder.EndsWith('.') || folder.EndsWith(' ');

    private static string Shorten(string folder)
    {
        if (Encoding.UTF8.GetByteCount(folder) <= MaxFolderBytes)
            return EndsBadly(folder) ? $"{folder[..^1]}%{(int)folder[^1]:X2}" : folder;
        var length = folder.Length;
        while (Encoding.UTF8.GetByteCount(folder.AsSpan(0, length)) > MaxFolderBytes || char.IsHighSurrogate(folder[length - 1]))
            length--;
        return folder[..length];
    }
}
