namespace PeakS3Feed.Testing;

/// <summary>Files of the repository that a test reads where they stand.</summary>
internal static class Repository
{
    /// <summary>The top of the repository. Found from the test's own folder upwards, because a deterministic build has no source path in it.</summary>
    public static string Root { get; } = Find();

    /// <summary>The full path of a file or folder, given from the top of the repository with <c>/</c> between names.</summary>
    public static string PathOf(string path) => Path.GetFullPath(Path.Combine(Root, path));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PeakS3Feed.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"There is no PeakS3Feed.sln above {AppContext.BaseDirectory}.");
    }
}
