using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Sources;

public sealed class FolderObjectSourceTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peaks3feed-folder-");
    private IObjectSource _source = null!;

    public Task InitializeAsync()
    {
        _source = Open(_folder.FullName);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Keys_come_in_the_order_of_a_bucket()
    {
        string[] keys = ["a.b", "a/b", "a/b.csv/x", "a/b.csv.gz", "a-b/c", "a0", "A", "aé", "a\uFF5E", "a😀", "z/empty", "Z"];
        foreach (var key in keys)
            Write(key, key);
        var listed = await KeysAsync("");
        Assert.Equal(keys.OrderBy(Encoding.UTF8.GetBytes, Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y))), listed);
    }

    [Theory]
    [InlineData("a", new[] { "a.csv", "a/b/c.csv", "ab/d.csv" })]
    [InlineData("a/", new[] { "a/b/c.csv" })]
    [InlineData("a/b/c", new[] { "a/b/c.csv" })]
    [InlineData("a/b/c.csv", new[] { "a/b/c.csv" })]
    [InlineData("ab/d.csv/", new string[0])]
    [InlineData("nowhere/", new string[0])]
    [InlineData("../", new string[0])]
    [InlineData("a/../b/", new string[0])]
    [InlineData("a/./b/", new string[0])]
    [InlineData("a//b/", new string[0])]
    [InlineData("/a/", new string[0])]
    [InlineData("A/", new string[0])]
    [InlineData("a/b/c.csv/x/y", new string[0])]
    public async Task A_prefix_is_text_and_not_a_folder(string prefix, string[] expected)
    {
        Write("a/b/c.csv", "1");
        Write("ab/d.csv", "1");
        Write("a.csv", "1");
        Write("b/e.csv", "1");
        Assert.Equal(expected, await KeysAsync(prefix));
    }

    [Theory]
    [InlineData("with space.csv")]
    [InlineData("50%25 + more%.csv")]
    [InlineData("über/Straße 日本 😀.csv")]
    [InlineData("dots..in/..name/a..csv")]
    [InlineData(".hidden/.csv")]
    public async Task Any_name_is_listed_found_and_read(string key)
    {
        Write(key, "content of " + key);
        var found = Assert.Single(await ListAsync(""));
        Assert.Equal(key, found.Key);
        Assert.Equal($"s3://acme/{key}", found.Uri);
        Assert.Equal(found, await _source.FindAsync(key, default));
        Assert.Equal("content of " + key, await ReadAsync(found));
    }

    [Fact]
    public async Task A_version_is_known_by_its_etag_and_whole_seconds()
    {
        Write("a.csv", "one");
        var path = Path.Combine(_folder.FullName, "a.csv");
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 5, 1, 10, 20, 30, 987, DateTimeKind.Utc));
        var first = await FindAsync("a.csv");
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 10, 20, 30, TimeSpan.Zero), first.LastModified);
        Assert.Matches("^[0-9a-f]{32}$", first.ETag);
        Assert.Equal(first, await FindAsync("a.csv"));

        // Another millisecond of the same second is another version.
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 5, 1, 10, 20, 30, 986, DateTimeKind.Utc));
        Assert.NotEqual(first.ETag, (await FindAsync("a.csv")).ETag);
    }

    [Fact]
    public async Task A_file_put_in_place_of_another_with_its_size_and_time_is_another_version()
    {
        Write("a.csv", "one");
        var first = await FindAsync("a.csv");
        await Task.Delay(50);
        Write("b.csv", "two");
        var (a, b) = (Path.Combine(_folder.FullName, "a.csv"), Path.Combine(_folder.FullName, "b.csv"));
        File.SetLastWriteTimeUtc(b, File.GetLastWriteTimeUtc(a));
        File.Move(b, a, overwrite: true);
        var second = await FindAsync("a.csv");
        Assert.Equal((first.Size, first.LastModified), (second.Size, second.LastModified));
        Assert.NotEqual(first.ETag, second.ETag);
        await AssertFailsAsync("ObjectChanged", () => _source.OpenAsync(first, default));
    }

    [Fact]
    public async Task Only_the_listed_version_is_opened()
    {
        Write("a.csv", "one");
        var listed = await FindAsync("a.csv");
        Write("a.csv", "other");
        var error = await AssertFailsAsync("ObjectChanged", () => _source.OpenAsync(listed, default));
        Assert.Equal("s3://acme/a.csv", error.Target);
        File.Delete(Path.Combine(_folder.FullName, "a.csv"));
        await AssertFailsAsync("ObjectVanished", () => _source.OpenAsync(listed, default));
        Assert.Null(await _source.FindAsync("a.csv", default));
    }

    [Theory]
    [InlineData(100_001)] // grows
    [InlineData(99_999)] // shrinks
    [InlineData(100_000)] // is written over
    public async Task A_file_that_changes_while_it_is_read_is_noticed_before_its_last_byte(int newSize)
    {
        Write("a.csv", new string('a', 100_000));
        var listed = await FindAsync("a.csv");
        await using var stream = await _source.OpenAsync(listed, default);
        var buffer = new byte[64 * 1024];
        Assert.True(await stream.ReadAsync(buffer) > 0);
        await Task.Delay(20);
        Write("a.csv", new string('b', newSize));
        await AssertFailsAsync("ObjectChanged", async () =>
        {
            while (await stream.ReadAsync(buffer) > 0)
            {
            }
        });
    }

    [Fact]
    public async Task A_file_replaced_by_another_while_it_is_read_is_still_read_whole()
    {
        Write("a.csv", "old content");
        var listed = await FindAsync("a.csv");
        await using var stream = await _source.OpenAsync(listed, default);
        Write("b.csv", "new content");
        File.Move(Path.Combine(_folder.FullName, "b.csv"), Path.Combine(_folder.FullName, "a.csv"), overwrite: true);
        using var reader = new StreamReader(stream);
        Assert.Equal("old content", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Empty_files_are_listed_and_read()
    {
        Write("empty.csv", "");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "empty-folder"));
        var listed = Assert.Single(await ListAsync(""));
        Assert.Equal(0, listed.Size);
        Assert.Equal("", await ReadAsync(listed));
    }

    [Theory]
    [InlineData("../secret.csv")]
    [InlineData("a/../../secret.csv")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b.csv")]
    [InlineData("./a.csv")]
    [InlineData("")]
    [InlineData("a/")]
    public async Task A_key_never_leaves_the_folder(string key)
    {
        Write("a/b.csv", "1");
        Assert.Null(await _source.FindAsync(key, default));
        await AssertFailsAsync("ObjectVanished", () => _source.OpenAsync(new("acme", key, "x", 1, DateTimeOffset.UnixEpoch), default));
    }

    [SkippableFact]
    public async Task Links_are_followed_to_files_of_the_folder_alone()
    {
        Skip.If(OperatingSystem.IsWindows(), "making links needs a privilege on Windows");
        var outside = Directory.CreateTempSubdirectory("peaks3feed-outside-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(outside.FullName, "secret.csv"), "secret");
            Write("real/a.csv", "inside");
            Link("to-file.csv", "real/a.csv");
            Link("to-link.csv", "to-file.csv");
            Link("to-outside.csv", Path.Combine(outside.FullName, "secret.csv"));
            Link("to-parent.csv", "../" + outside.Name + "/secret.csv");
            Link("circle.csv", "circle.csv");
            Link("broken.csv", "nowhere.csv");
            Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "way-out"), outside.FullName);
            Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "round"), _folder.FullName);
            Link("through.csv", "way-out/secret.csv");

            Assert.Equal(["real/a.csv", "to-file.csv", "to-link.csv"], await KeysAsync(""));
            Assert.Equal("inside", await ReadAsync(await FindAsync("to-link.csv")));
            foreach (var key in new[] { "to-outside.csv", "to-parent.csv", "through.csv", "way-out/secret.csv", "round/real/a.csv" })
                Assert.Null(await _source.FindAsync(key, default));
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    [SkippableFact]
    public async Task Pipes_and_sockets_are_no_files_and_block_no_one()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        Write("in/a.csv", "1");
        Write("in/late.csv", "");
        using (var made = System.Diagnostics.Process.Start("mkfifo", Path.Combine(_folder.FullName, "in", "pipe.csv")))
            await made.WaitForExitAsync();
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, "in", "socket.csv")));

        Assert.Equal(["in/a.csv", "in/late.csv"], await KeysAsync("in/"));
        Assert.Null(await _source.FindAsync("in/pipe.csv", default));

        var listed = await _source.FindAsync("in/late.csv", default);
        File.Move(Path.Combine(_folder.FullName, "in", "pipe.csv"), Path.Combine(_folder.FullName, "in", "late.csv"), overwrite: true);
        var e = await Assert.ThrowsAsync<FeedException>(() => Task.Run(() => _source.OpenAsync(listed!, default)).WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("ObjectChanged", e.Id);
    }

    [SkippableFact]
    public async Task A_file_without_leave_to_read_is_denied()
    {
        Skip.If(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "the account may read everything");
        Write("a.csv", "1");
        var listed = await FindAsync("a.csv");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(_folder.FullName, "a.csv"), UnixFileMode.None);
        await AssertFailsAsync("ObjectAccessDenied", () => _source.OpenAsync(listed, default));
    }

    [Fact]
    public async Task A_missing_folder_is_an_error_and_not_an_empty_bucket()
    {
        await using var source = Open(Path.Combine(_folder.FullName, "nowhere"));
        await AssertFailsAsync("FolderNotFound", async () => await source.ListAsync("", default).GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task Listing_stops_when_it_is_canceled()
    {
        Write("a.csv", "1");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await _source.ListAsync("", stop.Token).GetAsyncEnumerator().MoveNextAsync());
    }

    private static IObjectSource Open(string folder) => SourceFactory.Open(
        new S3Connection { Name = "local", BucketName = "acme", EndpointUrl = new Uri(folder).AbsoluteUri },
        new SourceIdentity("feed", Guid.NewGuid()), null, NullLoggerFactory.Instance, TimeProvider.System);

    private static async Task<FeedException> AssertFailsAsync(string id, Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<FeedException>(action);
        Assert.Equal(id, error.Id);
        return error;
    }

    private void Write(string key, string content)
    {
        var path = Path.Combine(_folder.FullName, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private void Link(string key, string target) => File.CreateSymbolicLink(Path.Combine(_folder.FullName, key), target);

    private async Task<SourceObject> FindAsync(string key) => await _source.FindAsync(key, default) ?? throw new InvalidOperationException(key);

    private async Task<string> ReadAsync(SourceObject source)
    {
        await using var stream = await _source.OpenAsync(source, default);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private async Task<List<SourceObject>> ListAsync(string prefix)
    {
        var all = new List<SourceObject>();
        await foreach (var o in _source.ListAsync(prefix, default))
            all.Add(o);
        return all;
    }

    private async Task<List<string>> KeysAsync(string prefix) => [.. (await ListAsync(prefix)).Select(o => o.Key)];
}
