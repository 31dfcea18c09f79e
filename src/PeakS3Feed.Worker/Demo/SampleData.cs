namespace PeakS3Feed.Worker.Demo;

/// <summary>The public data sets that come with the program.</summary>
internal sealed class SampleData
{
    private const string Folder = "samples";
    private readonly string _folder;

    private SampleData(string folder) => _folder = folder;

    /// <summary>Searches beside the program, then in the folders above it.</summary>
    /// <exception cref="Errors.FeedException"><c>SamplesNotFound</c>.</exception>
    public static SampleData Find(string start)
    {
        for (var at = new DirectoryInfo(start); at is not null; at = at.Parent)
        {
            var folder = Path.Combine(at.FullName, Folder);
            if (Directory.Exists(Path.Combine(folder, "weather")))
                return new SampleData(folder);
        }
        throw WorkerErrors.NoSamples(start);
    }

    /// <summary>Returns the path of a sample.</summary>
    public string PathOf(string key) => Path.Combine(_folder, key);

    /// <summary>Returns the keys of all samples in a folder.</summary>
    public IEnumerable<string> Keys(string folder)
        => Directory.EnumerateFiles(Path.Combine(_folder, folder)).Select(f => $"{folder}/{Path.GetFileName(f)}").Order(StringComparer.Ordinal);
}
