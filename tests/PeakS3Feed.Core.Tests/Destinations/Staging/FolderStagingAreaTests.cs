using System.Text;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Tests.Destinations.Staging;

/// <summary>Small files of a folder.</summary>
public sealed class FolderStagingAreaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private FolderStagingArea Area => new(_folder.Path);

    [Fact]
    public async Task Of_many_writers_of_one_name_one_creates_the_file()
    {
        for (var round = 0; round < 20; round++)
        {
            var name = $"log/{round}";
            using var start = new Barrier(8);
            var writers = Enumerable.Range(0, 8).Select(w => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return Area.TryCreateAsync(name, Encoding.ASCII.GetBytes(new string((char)('a' + w), 1000)), default);
                },
                default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap());
            var created = await Task.WhenAll(writers);

            var winner = Assert.Single(created.Index(), c => c.Item).Index;
            Assert.Equal(new string((char)('a' + winner), 1000), Encoding.ASCII.GetString((await Area.FindAsync(name, default))!));
        }
        Assert.Equal(20, await Area.ListAsync("", default).CountAsync()); // nothing else is left behind
    }

    [Fact]
    public async Task A_file_is_created_replaced_found_and_read_in_parts()
    {
        Assert.True(await Area.TryCreateAsync("a/b", "0123456789"u8.ToArray(), default));
        Assert.False(await Area.TryCreateAsync("a/b", "x"u8.ToArray(), default));
        var buffer = new byte[8];
        Assert.Equal(8, await Area.ReadAtAsync("a/b", 0, buffer, default));
        Assert.Equal(2, await Area.ReadAtAsync("a/b", 8, buffer, default));
        Assert.Equal("89", Encoding.ASCII.GetString(buffer, 0, 2));
        Assert.Equal(0, await Area.ReadAtAsync("a/b", 10, buffer, default));

        await Area.PutAsync("a/b", "new"u8.ToArray(), default);
        await Area.PutAsync("c", "new"u8.ToArray(), default);
        Assert.Equal("new"u8.ToArray(), await Area.FindAsync("a/b", default));
        Assert.Equal("new"u8.ToArray(), await Area.FindAsync("c", default));
        Assert.Null(await Area.FindAsync("none", default));
        Assert.Null(await Area.FindAsync("no/ne", default));
        Assert.Equal("StagedFileMissing", (await Assert.ThrowsAsync<FeedException>(() => Area.ReadAtAsync("none", 0, buffer, default))).Id);
    }

    [Fact]
    public async Task Names_are_listed_in_the_order_of_their_bytes()
    {
        var table = Area.Below("orders/");
        foreach (var name in (string[])["log/b", "log/\U0001F600", "log/\uFFFD", "log/a", "log/a.b/1", "data"])
            await table.PutAsync(name, new byte[3], default);

        var all = await table.ListAfterAsync("log/", "", default).ToListAsync();
        Assert.Equal(["log/a", "log/a.b/1", "log/b", "log/\uFFFD", "log/\U0001F600"], all.Select(f => f.Name));
        Assert.All(all, f => Assert.Equal(3, f.Bytes));
        Assert.Equal(["log/\uFFFD", "log/\U0001F600"], await table.ListAfterAsync("log/", "log/b", default).Select(f => f.Name).ToListAsync());
        Assert.Equal(
            ["log/a.b/1", "log/b", "log/\uFFFD", "log/\U0001F600"], await table.ListAfterAsync("log/", "log/a.b/0", default).Select(f => f.Name).ToListAsync());
        Assert.Equal(["log/b"], await table.ListAfterAsync("log/b", "log/a.b/1", default).Select(f => f.Name).ToListAsync());
        Assert.Empty(await table.ListAfterAsync("log/b", "log/b", default).ToListAsync());
        Assert.Empty(await Area.Below("none/").ListAfterAsync("", "", default).ToListAsync());
        Assert.Equal(["orders/data"], await Area.ListAsync("orders/d", default).Select(f => f.Name).ToListAsync());
    }

    [Fact]
    public async Task A_name_or_folder_outside_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Area.TryCreateAsync("../x", new byte[1], default));
        await Assert.ThrowsAsync<ArgumentException>(() => Area.FindAsync("a/../../x", default));
        Assert.Throws<ArgumentException>(() => Area.Below("../x/"));
    }

    [Fact]
    public async Task A_write_that_fails_leaves_nothing()
    {
        Directory.CreateDirectory(_folder["a"]);
        foreach (var write in (Func<Task>[])[() => Area.PutAsync("a", new byte[1], default), () => Area.TryCreateAsync("a", new byte[1], default)])
            Assert.Contains(_folder["a"], (await Assert.ThrowsAsync<FeedException>(write)).Message, StringComparison.Ordinal);
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Area.TryCreateAsync("b", new byte[1], stopped.Token));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();
}
