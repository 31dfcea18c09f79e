using Amazon;

namespace PeakS3Feed.Connections;

/// <summary>The part of AWS that a region belongs to; nothing can be assumed, trusted or decrypted across its border.</summary>
/// <param name="Name">As ARNs have it: <c>aws</c>, <c>aws-cn</c>, <c>aws-us-gov</c>.</param>
/// <param name="DnsSuffix">What its services' names end in: <c>amazonaws.com</c>.</param>
internal sealed record AwsPartition(string Name, string DnsSuffix)
{
    private static readonly AwsPartition Standard = new("aws", "amazonaws.com");

    /// <summary>The partition of a region; the standard one for no region, or one that other servers made up.</summary>
    public static AwsPartition Of(string? region)
    {
        if (region is null || !ConnectionRules.IsRegion(region))
            return Standard;
        var known = RegionEndpoint.GetBySystemName(region);
        return known.PartitionName.StartsWith(Standard.Name, StringComparison.Ordinal) ? new(known.PartitionName, known.PartitionDnsSuffix) : Standard;
    }
}
