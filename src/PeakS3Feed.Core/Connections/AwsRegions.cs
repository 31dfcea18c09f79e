using Amazon;

namespace PeakS3Feed.Connections;

/// <summary>The regions that the AWS SDK knows. A connection may name others: AWS opens new ones, and other servers make up their own.</summary>
public static class AwsRegions
{
    // The SDK adds what it is asked for and does not know.
    private const string MadeUp = "Unknown";

    /// <summary>All of them, of every partition, by their codes.</summary>
    public static IReadOnlyList<AwsRegion> All { get; } =
    [
        .. RegionEndpoint.EnumerableAllRegions
            .Where(r => r.DisplayName != MadeUp)
            .Select(r => new AwsRegion(r.SystemName, r.DisplayName))
            .OrderBy(r => r.Code, StringComparer.Ordinal),
    ];
}
