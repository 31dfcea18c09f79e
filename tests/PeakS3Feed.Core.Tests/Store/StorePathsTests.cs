using PeakS3Feed.Connections;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

public class StorePathsTests
{
    private static Func<string, string?> Environment(params (string Name, string Value)[] variables)
        => name => variables.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault();

    [Fact]
    public void A_path_puts_everything_into_one_folder_and_wins_over_the_environment()
    {
        var paths = StorePaths.Resolve("given", Environment(("PEAKS3FEED_HOME", "/other"), ("HOME", "/home/ann")));
        Assert.Equal(Path.GetFullPath("given"), paths.ConfigDirectory);
        Assert.Equal(Path.GetFullPath("given"), paths.StateDirectory);
    }

    [Fact]
    public void PEAKS3FEED_HOME_puts_everything_into_one_folder()
    {
        var home = Path.GetFullPath("/srv/peak");
        var paths = StorePaths.Resolve(null, Environment(("PEAKS3FEED_HOME", "/srv/peak"), ("HOME", "/home/ann")));
        Assert.Equal((home, home), (paths.ConfigDirectory, paths.StateDirectory));
        Assert.Equal(Path.Combine(home, "definitions.json"), paths.DefinitionsFile);
    }

    [SkippableFact]
    public void Outside_Windows_the_XDG_rules_hold()
    {
        Skip.If(OperatingSystem.IsWindows());
        var plain = StorePaths.Resolve("", Environment(("HOME", "/home/ann")));
        Assert.Equal(("/home/ann/.config/PeakS3Feed", "/home/ann/.local/state/PeakS3Feed"), (plain.ConfigDirectory, plain.StateDirectory));
        var set = StorePaths.Resolve(null, Environment(("XDG_CONFIG_HOME", "/c"), ("XDG_STATE_HOME", "/s")));
        Assert.Equal(("/c/PeakS3Feed", "/s/PeakS3Feed"), (set.ConfigDirectory, set.StateDirectory));
        var relative = StorePaths.Resolve(null, Environment(("HOME", "/home/ann"), ("XDG_CONFIG_HOME", "c")));
        Assert.Equal("/home/ann/.config/PeakS3Feed", relative.ConfigDirectory);
    }

    [Fact]
    public void Without_a_home_the_error_says_what_to_set()
    {
        var error = Assert.Throws<FeedException>(() => StorePaths.Resolve(null, _ => null));
        Assert.Equal("StorePathUnknown", error.Id);
        Assert.Contains("PEAKS3FEED_HOME", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "-StorePath or --store")]
    [InlineData(false, "PEAKS3FEED_HOME")]
    public void A_store_that_is_named_must_be_there_and_the_error_says_who_names_it(bool byPath, string namedBy)
    {
        using var folder = new TemporaryFolder();
        var missing = folder["missing"];
        var paths = byPath ? StorePaths.Resolve(missing, _ => null) : StorePaths.Resolve(null, Environment((StorePaths.HomeVariable, missing)));
        var error = Assert.Throws<FeedException>(paths.Existing);
        Assert.Equal(("StoreNotFound", missing), (error.Id, error.Target));
        Assert.Equal($"There is no store at {missing}: the folder does not exist.", error.Message);
        Assert.Contains(namedBy, error.Hint, StringComparison.Ordinal);
        Assert.False(Directory.Exists(missing));

        Directory.CreateDirectory(missing);
        Assert.Equal(missing, paths.Existing().ConfigDirectory);
    }

    [Fact]
    public void A_file_is_no_store()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["definitions.json"], "{}");
        var error = Assert.Throws<FeedException>(StorePaths.Resolve(folder["definitions.json"], _ => null).Existing);
        Assert.Equal("StoreNotFound", error.Id);
        Assert.EndsWith("is a file, but a store is a folder.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_users_own_store_reads_as_empty_where_it_is_missing()
    {
        using var folder = new TemporaryFolder();
        var own = StorePaths.Resolve(null, Environment(("HOME", folder.Path), ("LOCALAPPDATA", folder.Path))).Existing();
        Assert.Same(StoreDefinitions.Empty, await new DefinitionStore(own).ReadAsync());
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_store_that_goes_while_it_is_used_is_not_empty()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["store"]);
        var store = new DefinitionStore(StorePaths.Resolve(folder["store"]).Existing());
        Assert.Same(StoreDefinitions.Empty, await store.ReadAsync());
        Directory.Delete(folder["store"]);
        Assert.Equal("StoreNotFound", (await Assert.ThrowsAsync<FeedException>(() => store.ReadAsync())).Id);
        Assert.Equal("StoreNotFound", (await Assert.ThrowsAsync<FeedException>(() => store.UpdateAsync(d => d.With(new S3Connection { Name = "c", BucketName = "acme", Region = "eu-west-1" })))).Id);
        Assert.False(Directory.Exists(folder["store"]));
    }

    [Fact]
    public async Task A_change_that_fails_or_changes_nothing_makes_no_store()
    {
        using var folder = new TemporaryFolder();
        var engine = new FeedEngine(StorePaths.Resolve(folder["store"]));
        await Assert.ThrowsAsync<FeedException>(() => engine.Definitions.AddAsync(new S3Connection { Name = "not a name", BucketName = "acme", Region = "eu-west-1" }));
        await Assert.ThrowsAsync<FeedException>(() => engine.Definitions.AddAsync(new S3Feed { Name = "f", ConnectionName = "missing" }));
        await engine.Store.UpdateAsync(d => d);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        await engine.Definitions.AddAsync(new S3Connection { Name = "c", BucketName = "acme", Region = "eu-west-1" });
        Assert.Single((await engine.Store.ReadAsync()).Connections);
    }
}
