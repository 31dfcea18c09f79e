using System.IO.Enumeration;

namespace PeakS3Feed.Sources;

/// <summary>
/// Lists a folder's files in the order of S3's keys. Memory contains only the names of the current folder and its parents.
/// </summary>
internal sealed class FolderListing(FolderPaths paths, Func<string, Exception, Exception> denied)
{
    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
        ReturnSpecialDirectories = false,
    };

    /// <summary>Enumerates the keys that begin with a prefix, in order.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="after">Only keys after this one are returned; empty for all.</param>
    public IEnumerable<string> Keys(string prefix, string after = "")
    {
        var open = new Stack<Queue<string>>();
        open.Push(Entries(FindStart(prefix), prefix, after));
        while (open.TryPeek(out var entries))
        {
            if (!entries.TryDequeue(out var key))
                open.Pop();
            else if (key.EndsWith('/'))
                open.Push(Entries(key, prefix, after));
            else
                yield return key;
        }
    }

    /// <summary>Returns the files and folders directly in a folder, which is given as a prefix.</summary>
    public IEnumerable<string> Directly(string folder) => Entries(folder, folder, "");

    /// <summary>Returns the keys of a folder's files and subfolders. A subfolder's key ends in a slash, so that "a.b" precedes "a/b".</summary>
    private Queue<string> Entries(string folderKey, string prefix, string after)
    {
        var folder = Path.Combine(paths.Root, folderKey.Replace('/', Path.DirectorySeparatorChar));
        var keys = new List<string>();
        try
        {
            // A folder may have many files. Names and kinds come with the folder itself, and names that are not wanted cost no string.
            var rest = after.StartsWith(folderKey, StringComparison.Ordinal) ? after[folderKey.Length..] : "";
            var entries = new FileSystemEnumerable<string>(
                folder, static (ref FileSystemEntry e) => string.Concat(e.FileName, e.IsDirectory ? "/" : ""), Everything)
            {
                ShouldIncludePredicate = (ref FileSystemEntry e) => KeyOrder.Compare(e.FileName, rest) > 0 || e.IsDirectory,
            };
            foreach (var name in entries)
            {
                var key = folderKey + name;
                var isFolder = name.EndsWith('/');
                if (IsWanted(key, isFolder, prefix, after)
                    && !(isFolder && FolderPaths.IsLink(new DirectoryInfo(Path.Combine(folder, name[..^1])))))
                    keys.Add(key);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // The folder was removed after it was listed.
        }
        catch (Exception e) when (e is UnauthorizedAccessException or System.Security.SecurityException)
        {
            throw denied(folder, e);
        }
        keys.Sort(KeyOrder.Instance);
        return new Queue<string>(keys);
    }

    // Returns the prefix's own folder, because a folder above it may have very many files. Other systems than Linux ignore the case of names, and S3
    // does not. There, and for names that mean another folder, the comparison of keys decides.
    private string FindStart(string prefix)
    {
        var start = "";
        if (!OperatingSystem.IsLinux())
            return start;
        foreach (var name in prefix.Split('/')[..^1])
        {
            if (name is "" or "." or ".." || name.Contains('\0', StringComparison.Ordinal))
                return start;
            var folder = new DirectoryInfo(Path.Combine(paths.Root, start + name));
            if (!folder.Exists || FolderPaths.IsLink(folder))
                return start;
            start += name + "/";
        }
        return start;
    }

    // A folder is wanted if one of its files may be.
    private static bool IsWanted(string key, bool isFolder, string prefix, string after)
        => (key.StartsWith(prefix, StringComparison.Ordinal) || (isFolder && prefix.StartsWith(key, StringComparison.Ordinal)))
            && (KeyOrder.Instance.Compare(key, after) > 0 || (isFolder && after.StartsWith(key, StringComparison.Ordinal)));
}
