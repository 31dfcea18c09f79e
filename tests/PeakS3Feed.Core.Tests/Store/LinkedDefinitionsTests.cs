using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

/// <summary>Definitions that are a symbolic link, to a file in version control for example.</summary>
public sealed class LinkedDefinitionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StorePaths _paths;
    private readonly DefinitionStore _store;

    public LinkedDefinitionsTests()
    {
        Directory.CreateDirectory(_folder["store"]);
        Directory.CreateDirectory(_folder["repo"]);
        _paths = StorePaths.Resolve(_folder["store"]);
        _store = new DefinitionStore(_paths);
    }

    private string Target => _folder["repo/feeds.json"];

    public void Dispose() => _folder.Dispose();

    private Task AddAsync(string name) => _store.UpdateAsync(d => d.With(new S3Connection { Name = name, BucketName = "acme" }));

    private async Task<string[]> NamesAsync() => [.. (await _store.ReadAsync()).Connections.Select(c => c.Name)];

    [SkippableTheory]
    [InlineData("absolute")]
    [InlineData("relative")]
    [InlineData("chain")]
    [InlineData("through a folder that is a link")]
    public async Task A_write_goes_through_the_link_and_the_link_stays(string kind)
    {
        Skip.If(OperatingSystem.IsWindows());
        var links = new List<(string Link, string To)>();
        switch (kind)
        {
            case "absolute":
                links.Add((_paths.DefinitionsFile, Target));
                break;
            case "relative":
                links.Add((_paths.DefinitionsFile, "../repo/feeds.json"));
                break;
            case "chain":
                links.Add((_paths.DefinitionsFile, "second.json"));
                links.Add((_folder["store/second.json"], _folder["third.json"]));
                links.Add((_folder["third.json"], "repo/./feeds.json"));
                break;
            default:
                // The second link counts from the folder behind the first: other/../repo would be another folder.
                Directory.CreateDirectory(_folder["deep/er"]);
                links.Add((_folder["other"], _folder["deep/er"]));
                links.Add((_folder["deep/er/link.json"], "../../repo/feeds.json"));
                links.Add((_paths.DefinitionsFile, _folder["other/link.json"]));
                break;
        }
        foreach (var (link, to) in links)
            File.CreateSymbolicLink(link, to);

        await AddAsync("first"); // the target does not exist yet
        Assert.True(File.Exists(Target));
        UnixMode.Set(Target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var first = await File.ReadAllTextAsync(Target);
        await AddAsync("second");

        Assert.All(links, l => Assert.Equal(l.To, new FileInfo(l.Link).LinkTarget));
        Assert.Null(new FileInfo(Target).LinkTarget);
        Assert.Equal(["first", "second"], await NamesAsync());
        Assert.Contains("second", await File.ReadAllTextAsync(Target), StringComparison.Ordinal);
        Assert.Equal(first, await File.ReadAllTextAsync(_paths.BackupFile));
        Assert.Equal("640", UnixMode.Get(Target));
        Assert.Equal(["feeds.json"], Directory.GetFiles(_folder["repo"]).Select(Path.GetFileName));
        Assert.DoesNotContain(Directory.GetFiles(_folder["store"]), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_linked_file_that_cannot_be_read_is_set_aside_and_comes_back_as_the_error_says()
    {
        Skip.If(OperatingSystem.IsWindows());
        File.CreateSymbolicLink(_paths.DefinitionsFile, Target);
        await AddAsync("first");
        await AddAsync("second");
        await File.WriteAllTextAsync(Target, "{");

        for (var time = 0; time < 2; time++)
        {
            var error = await Assert.ThrowsAsync<FeedException>(() => _store.ReadAsync());
            Assert.Equal("StoreUnreadable", error.Id);
            Assert.Equal(Target, new FileInfo(_paths.DefinitionsFile).LinkTarget);
            Assert.Equal("{", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(_folder["store"], "*.unreadable-*"))));
            if (time == 0)
                continue;
            using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", error.Remedies[0].Shell!]);
            await shell.WaitForExitAsync();
            Assert.Equal(0, shell.ExitCode);
        }
        Assert.Equal(["first"], await NamesAsync());
        Assert.Equal(Target, new FileInfo(_paths.DefinitionsFile).LinkTarget);
    }

    [SkippableFact]
    public async Task A_circle_of_links_is_an_error_that_changes_nothing()
    {
        Skip.If(OperatingSystem.IsWindows());
        File.CreateSymbolicLink(_paths.DefinitionsFile, "b.json");
        File.CreateSymbolicLink(_folder["store/b.json"], "definitions.json");
        Assert.Equal("StoreNotAccessible", (await Assert.ThrowsAsync<FeedException>(() => AddAsync("first"))).Id);
        Assert.Equal("b.json", new FileInfo(_paths.DefinitionsFile).LinkTarget);
    }
}
