using System.Text.RegularExpressions;
using Amazon;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Connections;

/// <summary>A region of AWS.</summary>
/// <param name="Code">Its system name, for example <c>eu-west-1</c>.</param>
/// <param name="DisplayName">Its name for people, for example <c>Europe (Ireland)</c>.</param>
public sealed record AwsRegion(string Code, string DisplayName);

/// <summary>The regions that the AWS SDK knows. A connection may name others: AWS adds regions, and other servers define their own.</summary>
public static partial class AwsRegions
{
    // The SDK adds an entry with this name for each unknown region that is looked up.
    private const string UnknownRegion = "Unknown";

    /// <summary>All regions of every partition, sorted by code.</summary>
    public static IReadOnlyList<AwsRegion> All { get; } =
    [
        .. RegionEndpoint.EnumerableAllRegions
            .Where(r => r.DisplayName != UnknownRegion)
            .Select(r => new AwsRegion(r.SystemName, r.DisplayName))
            .OrderBy(r => r.Code, StringComparer.Ordinal),
    ];

    /// <summary>
    /// Returns a warning about a connection's region that the SDK does not know: probably a typo, or a new region. Null for a known one, and for another
    /// server than Amazon's, which has regions of its own.
    /// </summary>
    public static string? FindAdvice(S3Connection connection)
        => connection is not { Region: { } region, IsOnAmazon: true } || All.Any(r => r.Code == region) ? null
            : $"The AWS SDK does not know the region {region}. {NearestName.AskFirst(region, All.Select(r => r.Code))}It is used as it is.";

    /// <summary>Returns whether a text can be the name of a region, known or not.</summary>
    internal static bool IsName(string text) => NamePattern().IsMatch(text);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,38}[a-z0-9]\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NamePattern();
}

/// <summary>The partition of AWS that a region belongs to. Roles, trust and KMS keys do not work across partitions.</summary>
/// <param name="Name">The name in ARNs: <c>aws</c>, <c>aws-cn</c>, <c>aws-us-gov</c>.</param>
/// <param name="DnsSuffix">The end of its services' host names: <c>amazonaws.com</c>.</param>
internal sealed record AwsPartition(string Name, string DnsSuffix)
{
    private static readonly AwsPartition Standard = new("aws", "amazonaws.com");

    /// <summary>Returns the partition of a region; the standard one for no region or an unknown one.</summary>
    public static AwsPartition From(string? region)
    {
        if (region is null || !AwsRegions.IsName(region))
            return Standard;
        var known = RegionEndpoint.GetBySystemName(region);
        return known.PartitionName.StartsWith(Standard.Name, StringComparison.Ordinal)
            ? new(known.PartitionName, known.PartitionDnsSuffix)
            : Standard;
    }
}
