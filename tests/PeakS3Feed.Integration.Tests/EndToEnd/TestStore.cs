using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Secrets;
using PeakS3Feed.Store;

namespace PeakS3Feed.Integration.EndToEnd;

/// <summary>A store in a folder of its own, and an engine on it.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peaks3feed-test-");

    public TestStore(string? password = null)
        => Engine = new FeedEngine(StorePaths.Resolve(_folder.FullName), new FeedEngineOptions
        {
            Secrets = new SecretResolver(name => name == "PEAKS3FEED_TEST_PASSWORD" ? password : null),
        });

    public FeedEngine Engine { get; }

    public string LocalDatabase => Path.Combine(_folder.FullName, "local.db");

    public Task DefineAsync(Func<StoreDefinitions, StoreDefinitions> define) => Engine.Store.UpdateAsync(define);

    /// <summary>Changes a feed's definition as it is now.</summary>
    public Task EditAsync(string feed, Func<S3Feed, S3Feed> edit) => Engine.Store.UpdateAsync(d => d.With(edit(d.FindFeed(feed)!)));

    public Task<RunResult> RunAsync(string feed, Aws.AccessKey? key = null) => Engine.RunAsync(feed, new RunOptions(), key, null, default);

    public void Dispose() => _folder.Delete(recursive: true);
}
