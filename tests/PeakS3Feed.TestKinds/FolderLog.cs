using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.TestKinds;

/// <summary>One commit in the log of a <see cref="FolderDestination"/>'s table.</summary>
public sealed record FolderEntry
{
    public required Guid Feed { get; init; }

    public required LoadRecord Load { get; init; }

    public required string Schema { get; init; }

    public string? Signature { get; init; }

    public required IReadOnlyList<FolderPart> Added { get; init; }

    /// <summary>The objects whose earlier parts are no longer part of the table; null for all parts of the feed.</summary>
    public IReadOnlyList<string>? Replaced { get; init; } = [];

    public required IReadOnlyList<FolderFile> Files { get; init; }
}

/// <summary>A part of the table: the file, and the object that its rows come from.</summary>
public sealed record FolderPart(string Name, string Checksum, long Rows, string Object);

/// <summary>An object version that a load brought.</summary>
public sealed record FolderFile(string Bucket, string Key, string ETag, long Size);

/// <summary>The log of a table: numbered entries, each created if it does not exist, whole or not at all.</summary>
public sealed partial class FolderLog(string folder)
{
    public static FolderLog Create(string root, string table) => new(Path.Combine(root, table, "_log"));

    /// <summary>Returns all entries in order.</summary>
    public IReadOnlyList<FolderEntry> Read() => !Directory.Exists(folder) ? [] :
        [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(p => JsonSerializer.Deserialize<FolderEntry>(File.ReadAllBytes(p))!)];

    /// <summary>Creates an entry under a number, unless that number is taken.</summary>
    public bool TryAppend(long number, FolderEntry entry)
    {
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $"{Guid.NewGuid():N}.tmp");
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(entry));
        try
        {
            return Link(temporary, Path.Combine(folder, number.ToString("D20", CultureInfo.InvariantCulture) + ".json")) == 0;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string from, string to);
}
