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
    public IEnumerable<string> Keys(string prefix)
    {
        var open = new Stack<Queue<string>>();
        open.Push(Entries("", prefix));
        while (open.TryPeek(out var entries))
        {
            if (!entries.TryDequeue(out var key))
                open.Pop();
            else if (key.EndsWith('/'))
                open.Push(Entries(key, prefix));
            else
                yield return key;
        }
    }

    /// <summary>Returns the files and folders directly in a folder, which is given as a prefix.</summary>
    public IEnumerable<string> Directly(string folder) => Entries(folder, folder);

    /// <summary>Returns the keys of a folder's files and subfolders. A subfolder's key ends in a slash, so that "a.b" precedes "a/b".</summary>
    private Queue<string> Entries(string folderKey, string prefix)
    {
        var folder = new DirectoryInfo(Path.Combine(paths.Root, folderKey.Replace('/', Path.DirectorySeparatorChar)));
        var keys = new List<string>();
        try
        {
            foreach (var entry in folder.EnumerateFileSystemInfos("*", Everything))
            {
                var isFolder = entry.Attributes.HasFlag(FileAttributes.Directory);
                if (isFolder && FolderPaths.IsLink(entry))
                    continue;
                var key = folderKey + entry.Name + (isFolder ? "/" : "");
                if (key.StartsWith(prefix, StringComparison.Ordinal) || (isFolder && prefix.StartsWith(key, StringComparison.Ordinal)))
                    keys.Add(key);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // The folder was removed after it was listed.
        }
        catch (Exception e) when (e is UnauthorizedAccessException or System.Security.SecurityException)
        {
            throw denied(folder.FullName, e);
        }
        keys.Sort(KeyOrder.Instance);
        return new Queue<string>(keys);
    }
}
