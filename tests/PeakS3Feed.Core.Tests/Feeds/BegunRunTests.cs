using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Sources;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Destinations;

namespace PeakS3Feed.Tests.Feeds;

/// <summary>A run connects and reads before it needs the result, and nobody can tell.</summary>
public sealed class BegunRunTests
{
    [Theory]
    [InlineData(ChangedObjectAction.Append)]
    [InlineData(ChangedObjectAction.Replace)]
    public async Task A_plan_that_does_not_hold_is_made_again_and_no_byte_counts_twice(ChangedObjectAction changed)
    {
        using var loading = await Loading.BeginAsync(f => f with { OnChangedObject = changed });
        loading.Write("a.csv", Loading.Numbers(3));
        await loading.SucceedAsync();
        loading.Write("b.csv", Loading.Numbers(1000));
        var progress = new ProgressRecorder();
        var other = new AtStep(CommitStep.Planned, 1, () => loading.Execute("UPDATE peaks3feed_lock SET epoch = epoch + 1"));

        var result = await loading.Store.Engine(other).RunAsync(TestStore.FeedName, new RunOptions(), accessKey: null, progress, default);

        Assert.Equal((1000L, 1L), (result.Run.RowsLoaded, result.Run.ObjectsLoaded));
        Assert.Equal("1003", loading.Single("SELECT count(*) FROM orders"));
        var last = progress.Seen.Last(r => r.Phase == RunPhase.Committing);
        Assert.Equal((last.BytesTotal, 1L, 1000L), (last.Bytes, last.Objects, last.Rows));
    }

    [Fact]
    public async Task A_connection_that_is_not_verified_is_tested_before_a_destination_is_opened()
    {
        using var folder = new TestFolder();
        foreach (var (status, opened) in ((ConnectionStatus, int)[])[(ConnectionStatus.Verified, 1), (ConnectionStatus.Untested, 0)])
        {
            var environment = new SlowTest(status);
            var runner = new FeedRunner(environment, new FeedRunnerOptions { History = new RunHistory(folder.File("state")), Logger = NullLogger.Instance });

            Assert.Equal("Refused", (await runner.RunAsync(environment, new RunOptions(), progress: null, default)).FeedError?.Id);

            Assert.Equal(opened, environment.Opened);
        }
    }

    // The test of the connection fails after a while.
    private sealed class SlowTest(ConnectionStatus status) : IRunEnvironment, IRunAccess
    {
        public int Opened { get; private set; }

        public S3Feed Feed { get; } = new() { Name = "orders", ConnectionName = "source", DestinationNames = ["warehouse"] };

        public S3Connection Connection { get; } = new() { Name = "source", BucketName = "bucket", Status = status };

        public Task<IRunAccess> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IRunAccess>(this);

        public Task<IReadOnlyDictionary<Guid, string>?> FindFeedNamesAsync(CancellationToken cancellationToken)
            => Task.FromResult<IReadOnlyDictionary<Guid, string>?>(null);

        public Task SaveFeedAsync(S3Feed feed, CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task VerifyAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(500, cancellationToken);
            throw new FeedException("Refused", FeedErrorCategory.ConnectionError, "The test failed.");
        }

        public IObjectSource OpenSource(SourceIdentity identity) => throw new NotSupportedException();

        public Task<IDestination> OpenDestinationAsync(string name, CancellationToken cancellationToken)
        {
            Opened++;
            throw new NotSupportedException();
        }
    }
}
