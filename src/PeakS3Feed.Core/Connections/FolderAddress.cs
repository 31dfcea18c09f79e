namespace PeakS3Feed.Connections;

/// <summary>The address of a local folder that stands in for a bucket.</summary>
public static class FolderAddress
{
    private const string Fallback = "folder";

    /// <summary>Returns the endpoint for a folder: a <c>file:</c> URI.</summary>
    /// <param name="path">The absolute path, in the form of the system.</param>
    public static string ToEndpoint(string path) => new Uri(Path.TrimEndingDirectorySeparator(path)).AbsoluteUri;

    /// <summary>Returns a name for the bucket that the folder stands in for: the folder's, as far as the rules of bucket names allow it.</summary>
    /// <param name="path">The absolute path.</param>
    public static string NameBucket(string path)
    {
        var folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        var letters = folder.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').ToArray();
        var name = string.Join('-', new string(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return BucketNameRules.Check(name) is null ? name : Fallback;
    }
}
