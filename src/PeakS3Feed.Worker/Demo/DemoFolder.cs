namespace PeakS3Feed.Worker.Demo;

/// <summary>The folder of the demo's files. It stays when the demo has ended.</summary>
internal sealed class DemoFolder
{
    private DemoFolder(string root) => Root = root;

    public string Root { get; }

    /// <summary>The folder that stands in for the bucket.</summary>
    public string Bucket => Path.Combine(Root, "bucket");

    /// <summary>The store: definitions, runs and the local database.</summary>
    public string Store => Path.Combine(Root, "store");

    /// <summary>The document to import.</summary>
    public string Definitions => Path.Combine(Root, "demo.json");

    /// <summary>The database that the rows go to.</summary>
    public string Database => Path.Combine(Store, "local.db");

    /// <summary>Creates the requested folder, or a new temporary one.</summary>
    /// <exception cref="Errors.FeedException"><c>FolderNotEmpty</c>.</exception>
    public static DemoFolder Create(string? requested)
    {
        if (requested is null)
            return new DemoFolder(Directory.CreateTempSubdirectory("peaks3feed-demo-").FullName);
        var root = Path.GetFullPath(requested);
        if (File.Exists(root) || (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any()))
            throw WorkerErrors.NotEmpty(root);
        return new DemoFolder(Directory.CreateDirectory(root).FullName);
    }
}
