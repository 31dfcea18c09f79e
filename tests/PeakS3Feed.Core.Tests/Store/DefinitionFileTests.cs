using PeakS3Feed.Errors;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

public sealed class DefinitionFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_overwritten_only_when_told_to_and_then_whole()
    {
        var file = _folder["a.json"];
        await DefinitionFile.WriteAsync(file, "long document"u8.ToArray(), overwrite: false);
        Assert.Equal("FileExists", (await Assert.ThrowsAsync<FeedException>(() => DefinitionFile.WriteAsync(file, "x"u8.ToArray(), overwrite: false))).Id);
        Assert.Equal("long document"u8.ToArray(), await DefinitionFile.ReadAsync(file));
        await DefinitionFile.WriteAsync(file, "short"u8.ToArray(), overwrite: true);
        Assert.Equal("short"u8.ToArray(), await DefinitionFile.ReadAsync(file));
    }

    [Fact]
    public async Task What_cannot_be_read_or_written_is_named()
    {
        var missing = Path.Combine(_folder["none"], "a.json");
        var unread = await Assert.ThrowsAsync<FeedException>(() => DefinitionFile.ReadAsync(missing));
        Assert.Equal(("FileNotReadable", missing), (unread.Id, unread.Target));
        var unwritten = await Assert.ThrowsAsync<FeedException>(() => DefinitionFile.WriteAsync(missing, "x"u8.ToArray(), overwrite: true));
        Assert.Equal(("FileNotWritable", missing), (unwritten.Id, unwritten.Target));
        Assert.Equal("FileExists", (await Assert.ThrowsAsync<FeedException>(() => DefinitionFile.WriteAsync(_folder.Path, "x"u8.ToArray(), overwrite: false))).Id);
    }
}
