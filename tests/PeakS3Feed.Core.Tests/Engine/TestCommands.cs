using PeakS3Feed.Connections;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Engine;

/// <summary>An engine on a store of its own, and what tests put into it.</summary>
internal sealed class TestCommands : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestCommands() => Engine = new FeedEngine(StorePaths.Resolve(_folder["store"]));

    public static S3Connection Lake { get; } = new() { Name = "lake", BucketName = "acme-lake", Region = "eu-west-1", RootPath = "in/" };

    public static S3Feed Orders { get; } = new() { Name = "orders", ConnectionName = "lake", Path = "in/orders/" };

    public FeedEngine Engine { get; }

    public DefinitionEditor Commands => Engine.Definitions;

    public string DefinitionsFile => Engine.Paths.DefinitionsFile;

    public Task<StoreDefinitions> StoredAsync() => Engine.Store.ReadAsync();

    /// <summary>A store with the connection "lake", verified, and the feed "orders".</summary>
    public static async Task<TestCommands> WithOrdersAsync()
    {
        var test = new TestCommands();
        await test.Engine.Store.UpdateAsync(d => d.With(Lake with { Status = ConnectionStatus.Verified, ExternalId = "ext-1" }).With(Orders));
        return test;
    }

    /// <summary>The error of something that is refused and leaves the store as it was.</summary>
    public async Task<FeedException> RefusedAsync(string id, Func<DefinitionEditor, Task> command)
    {
        var before = await ContentAsync();
        var error = await Assert.ThrowsAsync<FeedException>(() => command(Commands));
        Assert.Equal(id, error.Id);
        Assert.Equal(before, await ContentAsync());
        return error;
    }

    /// <summary>Does something that must not write.</summary>
    public async Task<T> WritesNothingAsync<T>(Func<DefinitionEditor, Task<T>> command)
    {
        // A write would set another time, also for the same content.
        var then = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(DefinitionsFile, then);
        var result = await command(Commands);
        Assert.Equal(then, File.GetLastWriteTimeUtc(DefinitionsFile));
        return result;
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string?> ContentAsync() => File.Exists(DefinitionsFile) ? await File.ReadAllTextAsync(DefinitionsFile) : null;
}
