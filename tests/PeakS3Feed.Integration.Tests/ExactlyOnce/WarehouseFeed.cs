using PeakS3Feed.Destinations;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A folder of files and a store whose feed loads them into a warehouse.</summary>
public abstract class WarehouseFeed : IDisposable
{
    public static TheoryData<Way> AllWays => [.. Enum.GetValues<Way>()];

    protected TestFolder Folder { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder.Sub("source"), name), text);

    protected Task<TestStore> CreateAsync(WarehouseDatabase database, Func<S3Feed, S3Feed> configure, S3FeedDestination? destination = null)
        => TestStore.CreateAsync(Folder.File("store"), Folder.Sub("source"), destination ?? database.Definition, configure, database.Connections);

    protected static async Task SucceedAsync(TestStore store)
    {
        RunResult run = await store.RunAsync();
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
    }

    protected static Task<List<string>> RowsAsync(WarehouseDatabase database, string sql) => database.RowsAsync(sql);
}
