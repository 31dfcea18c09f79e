using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Store;

/// <summary>
/// A feed that would read the files that runs write to a destination: staged files, or a table. Its next run would load the rows of the last one
/// again.
/// </summary>
/// <param name="FeedName">The feed.</param>
/// <param name="DestinationName">The destination.</param>
/// <param name="Place">The folder: <c>s3://bucket/prefix/</c>.</param>
internal sealed record StagingOverlap(string FeedName, string DestinationName, string Place)
{
    // Names that the files can have. Include and Exclude of a feed may leave them out.
    private static readonly string[] StagedFiles = ["feed/run/part-00001.csv.gz", "feed/run/part.manifest"];
    private static readonly string[] TableFiles =
        ["_delta_log/00000000000000000001.json", "_peaks3feed/feed/1.json", "_spectrum_manifest/manifest", "part-00001.parquet"];

    /// <summary>Whether the files are a table.</summary>
    public bool IsTable { get; init; }

    /// <summary>Finds the first destination whose staged files a feed would read; null if there is none.</summary>
    /// <param name="definitions">The definitions. A name in them that leads nowhere is ignored.</param>
    /// <param name="feed">The feed. If it is not valid, nothing is found.</param>
    /// <param name="kinds">The kinds of destination.</param>
    public static StagingOverlap? Find(StoreDefinitions definitions, S3Feed feed, DestinationKinds kinds)
    {
        if (definitions.FindConnection(feed.ConnectionName) is not { } source) return null;
        foreach (var destination in definitions.Destinations)
        {
            foreach (var reference in kinds.Connections(destination))
            {
                if (reference.StagingPrefix is not { } prefix || definitions.FindConnection(reference.Name) is not { } target
                    || !IsSameBucket(source, target))
                    continue;
                var names = reference.HoldsTables ? TableFiles : StagedFiles;
                var folders = Folders(definitions, destination, target.RootPrefix + prefix, reference.HoldsTables);
                if (folders.FirstOrDefault(f => Reads(feed, source, f, names)) is { } folder)
                    return new(feed.Name, destination.Name, $"s3://{target.BucketName}/{folder}") { IsTable = reference.HoldsTables };
            }
        }
        return null;
    }

    private static IEnumerable<string> Folders(StoreDefinitions definitions, S3FeedDestination destination, string folder, bool holdsTables)
        => !holdsTables ? [folder] : definitions.Feeds
            .Where(f => f.DestinationNames.Contains(destination.Name, StringComparer.OrdinalIgnoreCase)).Select(f => $"{folder}{f.TableName}/");

    private static bool Reads(S3Feed feed, S3Connection source, string folder, string[] names)
    {
        var path = FeedObjects.Prefix(feed, source);
        var deeper = path.StartsWith(folder, StringComparison.Ordinal) ? path : folder;
        return deeper.StartsWith(path, StringComparison.Ordinal) && FeedRules.Check(feed, source).Count == 0
            && FeedObjects.MatchesAny(feed, source, names.Select(n => deeper + n));
    }

    // Names of buckets are unique on Amazon, whatever the endpoint.
    private static bool IsSameBucket(S3Connection left, S3Connection right) => left.BucketName == right.BucketName
        && ((left.IsOnAmazon && right.IsOnAmazon) || string.Equals(left.EndpointUrl, right.EndpointUrl, StringComparison.OrdinalIgnoreCase));
}
