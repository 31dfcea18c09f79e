using PeakS3Feed.Connections;
using PeakS3Feed.Files;

namespace PeakS3Feed.Tests.Files;

public sealed class RootedPathTests
{
    [Theory]
    [InlineData("/data/x", true, true)]
    [InlineData("data/x", false, false)]
    [InlineData("./data", false, false)]
    [InlineData("", false, false)]
    [InlineData(@"C:\data", false, true)]
    [InlineData("c:/data", false, true)]
    [InlineData(@"\data", false, true)]
    [InlineData(@"\\server\share\data", false, true)]
    [InlineData("C:data", false, false)]
    [InlineData("C:", false, false)]
    public void A_path_is_rooted_by_the_style_of_its_system(string path, bool posix, bool windows)
    {
        Assert.Equal(posix, RootedPath.IsRooted(path, PathStyle.Posix));
        Assert.Equal(windows, RootedPath.IsRooted(path, PathStyle.Windows));
    }

    [Theory]
    [InlineData("file:///data/x", "/data/x", @"\data\x")]
    [InlineData("file:///data/x/", "/data/x/", @"\data\x\")]
    [InlineData("FILE:///data/my%20files", "/data/my files", @"\data\my files")]
    [InlineData("file:///C:/data/x", null, @"C:\data\x")]
    [InlineData("file:///c:/data", null, @"c:\data")]
    [InlineData("file:///C:", null, null)]
    [InlineData("file:data", null, null)]
    [InlineData("file://server/share", null, null)]
    [InlineData("/data/x", "/data/x", "/data/x")]
    [InlineData(@"C:\data", null, @"C:\data")]
    [InlineData(@"\\server\share", null, @"\\server\share")]
    [InlineData("C:data", null, null)]
    [InlineData("data", null, null)]
    [InlineData("https://s3.example.com", null, null)]
    public void A_folder_is_found_by_its_address(string address, string? posix, string? windows)
    {
        Assert.Equal(posix, RootedPath.FromAddress(address, PathStyle.Posix));
        Assert.Equal(windows, RootedPath.FromAddress(address, PathStyle.Windows));
    }

    [Fact]
    public void Only_Windows_has_paths_relative_to_a_drive()
    {
        Assert.True(RootedPath.IsRelativeToDrive("C:warehouse.db", PathStyle.Windows));
        Assert.False(RootedPath.IsRelativeToDrive(@"C:\warehouse.db", PathStyle.Windows));
        Assert.False(RootedPath.IsRelativeToDrive("C:warehouse.db", PathStyle.Posix));
    }

    [Fact]
    public void A_connection_takes_the_path_of_a_folder_too()
    {
        var folder = Path.GetTempPath();
        var connection = new S3Connection { Name = "files", BucketName = "files", EndpointUrl = folder };
        Assert.Empty(connection.Validate());
        Assert.Equal((true, folder), (connection.IsFolder, connection.Folder));
    }
}
