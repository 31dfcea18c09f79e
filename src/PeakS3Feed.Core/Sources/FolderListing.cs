namespace PeakS3Feed.Sources;

/// <summary>
/// Lists a folder's files in the order of S3's keys. In memory are the names of one folder and of those above it.
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

    /// <summary>The keys that begin with the prefix, in order.</summary>
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

    /// <summary>What lies directly in a folder, which is named as a prefix.</summary>
    public IEnumerable<string> Directly(string folder) => Entries(folder, folder);

    /// <summary>The keys of one folder's files, and of its folders with a slash at the end, which puts "a.b" before "a/b".</summary>
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
            // It was removed meanwhile, and its files with it.
        }
        catch (Exception e) when (e is UnauthorizedAccessException or System.Security.SecurityException)
        {
            throw denied(folder.FullName, e);
        }
        keys.Sort(KeyOrder.Instance);
        return new Queue<string>(keys);
    }
}
