using PeakS3Feed.Connections;

namespace PeakS3Feed.Tests.Access;

/// <summary>A local folder as the address and the name of a bucket.</summary>
public sealed class FolderAddressTests
{
    [Theory]
    [InlineData("/srv/My Data", "my-data")]
    [InlineData("/srv/sales_2026/", "sales-2026")]
    [InlineData("/srv/exports", "exports")]
    [InlineData("/srv/..hidden..", "hidden")]
    [InlineData("/", "folder")]
    [InlineData("/srv/a", "folder")] // too short a name for a bucket
    [InlineData("/srv/ÄÖÜ", "folder")]
    public void A_folder_names_the_bucket_as_far_as_the_rules_allow(string path, string expected) => Assert.Equal(expected, FolderAddress.NameBucket(path));

    [Fact]
    public void The_address_is_a_file_URI_of_the_path()
    {
        Assert.Equal("file:///srv/My%20Data", FolderAddress.ToEndpoint("/srv/My Data/"));
        Assert.Equal("file:///srv/100%25%23", FolderAddress.ToEndpoint("/srv/100%#"));
    }
}
