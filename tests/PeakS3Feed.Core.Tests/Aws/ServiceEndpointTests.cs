using PeakS3Feed.Aws;

namespace PeakS3Feed.Tests.Aws;

public sealed class ServiceEndpointTests
{
    [Theory]
    [InlineData("redshift-data", "eu-west-1", "https://redshift-data.eu-west-1.amazonaws.com/")]
    [InlineData("redshift", "us-gov-west-1", "https://redshift.us-gov-west-1.amazonaws.com/")]
    [InlineData("redshift-serverless", "cn-north-1", "https://redshift-serverless.cn-north-1.amazonaws.com.cn/")]
    [InlineData("redshift-data", "xx-future-9", "https://redshift-data.xx-future-9.amazonaws.com/")]
    public void The_public_address_has_the_domain_of_the_partition(string service, string region, string url)
        => Assert.Equal(url, ServiceEndpoint.Create(service, region).Url.AbsoluteUri);

    [Theory]
    [InlineData("https://vpce-1.redshift-data.eu-west-1.vpce.amazonaws.com")]
    [InlineData("http://127.0.0.1:4571")]
    [InlineData("http://[::1]:4571")]
    [InlineData("http://localhost:4571/")]
    public void Another_address_is_HTTPS_or_on_this_machine(string url)
        => Assert.Equal(new Uri(url), ServiceEndpoint.Create("redshift-data", "eu-west-1", url).Url);

    [Theory]
    [InlineData("http://redshift-data.eu-west-1.amazonaws.com")]
    [InlineData("http://127.0.0.1.example.org")]
    [InlineData("http://10.0.0.1")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("https://user:hush@example.org")]
    [InlineData("https://example.org/path")]
    [InlineData("https://example.org/?a=b")]
    [InlineData("example.org")]
    public void Other_addresses_are_refused_without_being_shown(string url)
    {
        var error = Assert.Throws<ArgumentException>(() => ServiceEndpoint.Create("redshift-data", "eu-west-1", url));
        Assert.DoesNotContain("hush", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_cannot_lead_to_another_host()
        => Assert.Throws<ArgumentException>(() => ServiceEndpoint.Create("redshift-data", "evil.example.org/"));
}
