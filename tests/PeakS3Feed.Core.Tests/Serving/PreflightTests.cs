using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Serving;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Tests.Serving;

public class PreflightTests
{
    [Fact]
    public async Task Secrets_are_those_of_enabled_triggers_and_what_they_run()
    {
        using var folder = new TemporaryFolder();
        var engine = new FeedEngine(StorePaths.Resolve(folder.Path));
        await engine.Definitions.AddAsync(new S3Connection { Name = "acme", BucketName = "acme", EndpointUrl = new Uri(folder.Path).AbsoluteUri });
        foreach (var name in new[] { "one", "two", "three" })
        {
            await engine.Definitions.AddAsync(new PostgreSqlDestination { Name = "d_" + name, Host = "h", Database = "d", Password = $"env:PEAK_{name}" });
            await engine.Definitions.AddAsync(new S3Feed { Name = name, ConnectionName = "acme", DestinationNames = ["d_" + name] });
        }
        await engine.Definitions.AddAsync(new S3FeedTrigger { Name = "", FeedName = "one", Kind = TriggerKind.Every, Every = TimeSpan.FromHours(1) });
        await engine.Definitions.AddAsync(new S3FeedTrigger { Name = "", FeedName = "two", Kind = TriggerKind.Every, Every = TimeSpan.FromHours(1), Enabled = false });

        var checks = await new TriggerPreflight(engine).RunAsync(default).ToListAsync();
        Assert.Equal([("Store", true), ("State", true), ("Secret", false)], checks.Select(c => (c.Step, c.Passed)));
        Assert.Equal("env:PEAK_one", checks[2].Target);
        Assert.NotNull(checks[2].Hint);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Path, "locks"), "worker-*"));
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_said()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["definitions.json"], "{");
        var checks = await new TriggerPreflight(new FeedEngine(StorePaths.Resolve(folder.Path))).RunAsync(default).ToListAsync();
        Assert.Equal([("Store", false), ("State", true)], checks.Select(c => (c.Step, c.Passed)));
    }

    [Fact]
    public async Task A_store_that_is_missing_fails_and_stays_missing()
    {
        using var folder = new TemporaryFolder();
        var checks = await new TriggerPreflight(new FeedEngine(StorePaths.Resolve(folder["missing"]))).RunAsync(default).ToListAsync();
        Assert.Equal([("Store", false), ("State", false)], checks.Select(c => (c.Step, c.Passed)));
        Assert.Contains(folder["missing"], checks[0].Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [SkippableFact]
    public async Task The_folder_of_runs_may_be_missing_and_is_not_made()
    {
        Skip.If(OperatingSystem.IsWindows());
        using var folder = new TemporaryFolder();
        var engine = new FeedEngine(StorePaths.Resolve(null, name => name == "HOME" ? folder.Path : null));
        await engine.Definitions.AddAsync(new S3Connection { Name = "acme", BucketName = "acme", Region = "eu-west-1" });
        var before = Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories);
        var checks = await new TriggerPreflight(engine).RunAsync(default).ToListAsync();
        Assert.Equal([("Store", true), ("State", true)], checks.Select(c => (c.Step, c.Passed)));
        Assert.Equal(before, Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories));
    }
}
