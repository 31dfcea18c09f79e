namespace PeakS3Feed.Sources;

/// <summary>
/// Converts keys to files within one folder. Links to folders are not followed; links to files are followed only if the target is in the folder.
/// </summary>
internal sealed class FolderPaths
{
    private const int MaxLinks = 40;

    private readonly string _root;

    /// <summary>Creates the object for a folder, whose path may contain links.</summary>
    public FolderPaths(string folder) => _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>The folder's path.</summary>
    public string Root => _root;

    /// <summary>Returns the file of a key, or null if there is none.</summary>
    public FileInfo? Locate(string key)
    {
        var names = key.Split('/');
        if (names.Any(n => !IsName(n)))
            return null;
        var folder = _root;
        foreach (var name in names.AsSpan(0, names.Length - 1))
        {
            folder = Path.Combine(folder, name);
            if (IsLink(new DirectoryInfo(folder)))
                return null;
        }
        var file = new FileInfo(Path.Combine(folder, names[^1]));
        return IsLink(file) ? Follow(file, MaxLinks) : (file.Exists ? file : null);
    }

    /// <summary>Returns whether an entry is a link, a junction or a mount point.</summary>
    public static bool IsLink(FileSystemInfo entry) => entry.LinkTarget is not null;

    private static bool IsName(string name)
        => name is not ("" or "." or "..") && name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0
            && !(Path.DirectorySeparatorChar != '/' && name.Contains('\\', StringComparison.Ordinal));

    private FileInfo? Follow(FileInfo link, int left)
    {
        if (left == 0 || link.DirectoryName is not { } from)
            return null;
        var target = Path.GetFullPath(link.LinkTarget!, from);
        var relative = Path.GetRelativePath(_root, target);
        if (Path.IsPathRooted(relative) || relative.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) is not { Length: > 0 } names
            || names[0] is "..")
            return null;

        // The path of the target may contain a link to another folder.
        var folder = _root;
        foreach (var name in names.AsSpan(0, names.Length - 1))
        {
            folder = Path.Combine(folder, name);
            if (IsLink(new DirectoryInfo(folder)))
                return null;
        }
        var file = new FileInfo(target);
        return IsLink(file) ? Follow(file, left - 1) : (file.Exists ? file : null);
    }
}
