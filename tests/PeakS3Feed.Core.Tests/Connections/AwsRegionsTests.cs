using Amazon;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Tests.Connections;

public sealed class AwsRegionsTests
{
    [Fact]
    public void The_regions_of_the_SDK_are_there_by_code_and_name()
    {
        Assert.Contains(new AwsRegion("eu-west-1", "Europe (Ireland)"), AwsRegions.All);
        Assert.Contains(AwsRegions.All, r => r.Code == "cn-north-1");
        Assert.Equal(AwsRegions.All.Select(r => r.Code).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), AwsRegions.All.Select(r => r.Code));
    }

    // The list is made once, so what is tested is what tells these regions from the others.
    [Fact]
    public void Made_up_regions_are_known_by_their_name()
    {
        Assert.Equal("Unknown", RegionEndpoint.GetBySystemName("ceph-somewhere").DisplayName);
        Assert.Contains(RegionEndpoint.EnumerableAllRegions, r => r.SystemName == "ceph-somewhere");
        Assert.DoesNotContain(AwsRegions.All, r => r.Code == "ceph-somewhere" || r.DisplayName == "Unknown");
    }
}
