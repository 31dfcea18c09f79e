using PeakS3Feed.Connections;

namespace PeakS3Feed.Aws;

/// <summary>The address of a service of AWS in one region.</summary>
/// <param name="Service">Its name in host names and signatures, for example <c>redshift-data</c>.</param>
/// <param name="Region">The region, for example <c>eu-west-1</c>.</param>
/// <param name="Url">The address of all its operations.</param>
internal sealed record ServiceEndpoint(string Service, string Region, Uri Url)
{
    /// <summary>Creates the address of a service, with the domain of the region's partition.</summary>
    /// <param name="service">Its name, for example <c>redshift-data</c>.</param>
    /// <param name="region">The region.</param>
    /// <param name="url">Another address that serves all services (a gateway, a server of tests), or null for the public one.</param>
    /// <exception cref="ArgumentException">The region is not a name, or the address is neither HTTPS nor plain HTTP on this machine.</exception>
    public static ServiceEndpoint Create(string service, string region, string? url = null)
    {
        if (!AwsRegions.IsName(region))
            throw new ArgumentException($"{region} is not a name of a region.", nameof(region));
        if (url is not null && !IsAllowed(url))
        {
            throw new ArgumentException(
                "The address of a service begins with https://. Plain http:// is allowed for this machine only.", nameof(url));
        }
        return new(service, region, new Uri(url ?? $"https://{service}.{region}.{AwsPartition.From(region).DnsSuffix}"));
    }

    /// <summary>Returns whether a text may be the address of a service: HTTPS, or HTTP to a loopback address, and nothing after the port.</summary>
    public static bool IsAllowed(string url)
        => Uri.TryCreate(url, UriKind.Absolute, out var address)
            && address is { UserInfo: "", Query: "", Fragment: "", AbsolutePath: "/" }
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}
