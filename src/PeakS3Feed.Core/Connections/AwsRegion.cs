using System.Text.RegularExpressions;
using Amazon;

namespace PeakS3Feed.Connections;

/// <summary>A region of AWS.</summary>
/// <param name="Code">Its system name, for example <c>eu-west-1</c>.</param>
/// <param name="DisplayName">Its name for people, for example <c>Europe (Ireland)</c>.</param>
public sealed record AwsRegion(string Code, string DisplayName);

/// <summary>The regions that the AWS SDK knows. A connection may name others: AWS opens new ones, and other servers make up their own.</summary>
public static partial class AwsRegions
{
    // The SDK adds each unknown region that it is asked for.
    private const string MadeUp = "Unknown";

    /// <summary>All regions of every partition, sorted by code.</summary>
    public static IReadOnlyList<AwsRegion> All { get; } =
    [
        .. RegionEndpoint.EnumerableAllRegions
            .Where(r => r.DisplayName != MadeUp)
            .Select(r => new AwsRegion(r.SystemName, r.DisplayName))
            .OrderBy(r => r.Code, StringComparer.Ordinal),
    ];

    /// <summary>Whether a text can be the name of a region, known or not.</summary>
    internal static bool IsName(string text) => NamePattern().IsMatch(text);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,38}[a-z0-9]\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NamePattern();
}

/// <summary>The part of AWS that a region belongs to. Roles, trust and KMS keys do not reach across its border.</summary>
/// <param name="Name">As ARNs have it: <c>aws</c>, <c>aws-cn</c>, <c>aws-us-gov</c>.</param>
/// <param name="DnsSuffix">What its services' names end in: <c>amazonaws.com</c>.</param>
internal sealed record AwsPartition(string Name, string DnsSuffix)
{
    private static readonly AwsPartition Standard = new("aws", "amazonaws.com");

    /// <summary>The partition of a region; the standard one for no region, or one that other servers made up.</summary>
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
