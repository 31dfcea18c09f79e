using System.Security.Cryptography;
using System.Text;
using PeakS3Feed.Connections;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Tests.Serving;
using PeakS3Feed.Tests.Sources;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Tests.Engine;

/// <summary>Runs of a feed that finds its objects by events.</summary>
public sealed class DiscoveryTests : IAsyncLifetime
{
    private const string Queue = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders";

    private readonly TemporaryFolder _folder = new();
    private readonly ShiftedTime _time = new();
    private FakeS3 _s3 = null!;
    private FeedEngine _engine = null!;
    private S3FeedTrigger _trigger = null!;

    private string Store => _folder["store"];

    public async Task InitializeAsync()
    {
        _s3 = await FakeS3.StartAsync();
        _s3.CreateBucket("acme");
        _engine = NewEngine();
        var connection = await _engine.Definitions.AddAsync(S3Harness.Plain with { EndpointUrl = _s3.Url });
        await _engine.Definitions.RecordTestAsync(connection, ConnectionStatus.Verified, default);
        await _engine.Definitions.AddAsync(new S3Feed { Name = "orders", ConnectionName = "acme", Path = "in/", Discovery = ObjectDiscovery.Events });
        _trigger = await _engine.Definitions.AddAsync(new S3FeedTrigger { Name = "queue", FeedName = "orders", Kind = TriggerKind.Queue, Queue = Queue });
    }

    public async Task DisposeAsync()
    {
        await _s3.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_first_run_lists_and_later_ones_look_up_what_was_announced()
    {
        Put(0);
        await RunAsync();
        Put(1);
        Put(2);
        Put(3);
        await AnnounceAsync(3, 1);

        var requests = await RunAsync();

        Assert.Equal([0, 1, 3], await IdsAsync());
        Assert.Equal(["in/1.csv", "in/3.csv"], Prefixes(requests));
        Assert.Equal(0, await _engine.Arrivals.CountAsync(_trigger.Id, default));
        Assert.Empty(Prefixes(await RunAsync()));
    }

    [Fact]
    public async Task A_run_reads_the_ledger_from_the_first_announced_key_on()
    {
        Put(0);
        Put(2);
        await RunAsync();
        await LoadedRows.ExecuteAsync(Store, "UPDATE peaks3feed_file SET size='unreadable' WHERE object_key='in/0.csv'");
        Put(1);
        Put(3);
        await AnnounceAsync(3, 1);

        await RunAsync();
        Assert.Equal([0, 1, 2, 3], await IdsAsync());

        _time.Shift = TimeSpan.FromHours(25);
        await RunAsync(RunStatus.Failed); // a listing needs all of it
    }

    [Fact]
    public async Task A_listing_finds_what_no_event_announced_at_least_once_a_day()
    {
        Put(0);
        await RunAsync();
        Put(1);
        _time.Shift = TimeSpan.FromHours(23);
        await RunAsync();
        Assert.Equal([0], await IdsAsync());

        _time.Shift = TimeSpan.FromHours(25);
        await RunAsync();
        Assert.Equal([0, 1], await IdsAsync());
        Assert.Empty(Prefixes(await RunAsync()));
    }

    [Fact]
    public async Task An_object_is_looked_up_as_it_is_now()
    {
        Put(0);
        await RunAsync();
        Put(1);
        await AnnounceAsync(1, 2); // 2 is gone by now
        _s3.Put("acme", "in/1.csv", "id\n7\n"u8.ToArray()); // overwritten since
        await _engine.Arrivals.RecordAsync([new(_trigger.Id, "acme", "elsewhere/9.csv", null)], default); // the feed's path was another one

        await RunAsync();

        Assert.Equal([0, 7], await IdsAsync());
        Assert.Equal(0, await _engine.Arrivals.CountAsync(_trigger.Id, default));
    }

    [Fact]
    public async Task After_a_failure_the_announced_objects_stay()
    {
        Put(0);
        await RunAsync();
        Put(1);
        await AnnounceAsync(1);
        _s3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get, times: 50);

        await RunAsync(RunStatus.Failed);
        Assert.Equal(1, await _engine.Arrivals.CountAsync(_trigger.Id, default));
        _s3.Faults.Clear();
        await RunAsync();

        Assert.Equal([0, 1], await IdsAsync());
    }

    [Fact]
    public async Task Many_announced_objects_are_looked_up_in_the_order_of_their_bytes()
    {
        Put(0);
        await RunAsync();
        string[] keys = ["in/\U0001F34E.csv", "in/\uFFFD.csv", "in/a b+c%.csv", .. Enumerable.Range(1, 60).Select(i => $"in/{i}.csv")];
        var ids = 1;
        foreach (var key in keys)
            _s3.Put("acme", key, Encoding.UTF8.GetBytes($"id\n{ids++}\n"));
        await _engine.Arrivals.RecordAsync([.. keys.Select(k => new PeakS3Feed.Triggers.Arrivals.Arrival(_trigger.Id, "acme", k, null))], default);

        await RunAsync();

        Assert.Equal(Enumerable.Range(0, ids).Select(i => (long)i), await IdsAsync());
    }

    [Fact]
    public async Task Other_settings_of_the_feed_need_a_listing()
    {
        Put(0);
        await RunAsync();
        _s3.Put("acme", "in/1.data", "id\n1\n"u8.ToArray());
        await _engine.Definitions.EditFeedAsync("orders", f => f with { Include = ["**"] });

        await RunAsync();

        Assert.Equal([0, 1], await IdsAsync());
    }

    [Fact]
    public async Task After_a_reset_and_after_the_loss_of_the_history_a_run_lists()
    {
        Put(0);
        await RunAsync();
        Put(1);
        await _engine.ResetAsync("orders", dropTable: true, default);
        await RunAsync();
        Assert.Equal([0, 1], await IdsAsync());

        Put(2);
        foreach (var file in Directory.EnumerateFiles(Store, "state.db*"))
            File.Delete(file);
        _engine = NewEngine();
        await RunAsync();
        Assert.Equal([0, 1, 2], await IdsAsync());
    }

    [Fact]
    public async Task A_feed_without_a_queue_is_refused_with_what_to_do()
    {
        await _engine.Definitions.RemoveTriggerAsync("queue");

        var run = await _engine.RunAsync("orders", new(), S3Harness.Key, null, default);
        var planned = await Assert.ThrowsAsync<FeedException>(() => _engine.PlanAsync("orders", S3Harness.Key, default));

        Assert.Equal(("DiscoveryWithoutQueue", "DiscoveryWithoutQueue"), (run.Run.ErrorId, planned.Id));
        Assert.Contains("Register a trigger with a queue", run.FeedError!.Hint, StringComparison.Ordinal);
        Assert.Equal(["Register-S3FeedTrigger -FeedName orders -Queue '<URL>'", "Set-S3Feed -Name orders -Discovery List"], run.FeedError!.Remedies.Select(r => r.Cmdlet));
    }

    [Theory]
    [InlineData(LoadType.Upsert)]
    [InlineData(LoadType.TruncateInsert)]
    public async Task Only_an_Incremental_feed_can_load_announced_objects_alone(LoadType type)
    {
        var error = await Assert.ThrowsAsync<FeedException>(() => _engine.Definitions.EditFeedAsync(
            "orders", f => f with { LoadType = type, PrimaryKey = type == LoadType.Upsert ? ["id"] : [] }));

        Assert.Equal("FeedInvalid", error.Id);
        Assert.Contains("Set Discovery to List.", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_looks_up_announced_objects_and_changes_no_file()
    {
        Put(0);
        using (var first = await PlanAsync())
            Assert.Equal((1, ObjectDiscovery.List), (first.ObjectsToLoad, first.Discovery));
        await RunAsync();
        Put(1);
        Put(2);
        await AnnounceAsync(2);
        await using (var user = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Store, "state.db")};Pooling=False"))
        {
            // The last connection removes the write-ahead log, and tests beside this one close the connections of all stores.
            await user.OpenAsync();
            using var query = user.CreateCommand();
            query.CommandText = "SELECT count(*) FROM arrivals";
            Assert.Equal(1L, await query.ExecuteScalarAsync());
            await AssertPlanChangesNothingAsync(isInUse: true);
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await AssertPlanChangesNothingAsync(isInUse: false);

        async Task AssertPlanChangesNothingAsync(bool isInUse)
        {
            var before = Files(isInUse);
            using var plan = await PlanAsync();
            Assert.Equal((1, ObjectDiscovery.Events), (plan.ObjectsToLoad, plan.Discovery));
            Assert.Equal("in/2.csv", Assert.Single(plan.Objects).Key);
            Assert.Equal(before, Files(isInUse));
        }
    }

    [Fact]
    public async Task A_due_listing_starts_a_run_without_an_event()
    {
        await using var h = await QueueHarness.StartAsync("orders", "returns");
        await h.Engine.Definitions.EditFeedAsync("orders", f => f with { Discovery = ObjectDiscovery.Events });

        await h.TickAsync();
        await h.TickAsync(); // the run of the harness records no listing; the next attempt is five minutes later

        Assert.Equal("orders", Assert.Single(h.Runs));
        h.Time.Advance(TimeSpan.FromMinutes(5));
        await h.TickAsync();
        Assert.Equal(2, h.Runs.Count);
    }

    private static List<string> Prefixes(IEnumerable<FakeRequest> requests)
        => [.. requests.Where(r => r.Operation == FakeOperation.List).Select(r => r.Query["prefix"]).Order(StringComparer.Ordinal)];

    private FeedEngine NewEngine() => new(StorePaths.Resolve(Store), new FeedEngineOptions { Time = _time });

    private void Put(int number) => _s3.Put("acme", $"in/{number}.csv", Encoding.UTF8.GetBytes($"id\n{number}\n"));

    private Task AnnounceAsync(params int[] numbers) => _engine.Arrivals.RecordAsync(
        [.. numbers.Select(n => new PeakS3Feed.Triggers.Arrivals.Arrival(_trigger.Id, "acme", $"in/{n}.csv", null))], default);

    private Task<FeedPlan> PlanAsync() => _engine.PlanAsync("orders", S3Harness.Key, default);

    // Returns the requests of the run.
    private async Task<IEnumerable<FakeRequest>> RunAsync(RunStatus? expected = null)
    {
        var before = _s3.Requests.Count;
        var result = await _engine.RunAsync("orders", new(), S3Harness.Key, null, default);
        if (expected is null)
            Assert.True(result.Run.Status is RunStatus.Succeeded or RunStatus.NothingToDo, result.Run.Error);
        else
            Assert.Equal(expected, result.Run.Status);
        return _s3.Requests.Skip(before);
    }

    private Task<List<long>> IdsAsync() => LoadedRows.ReadIdsAsync(Store);

    // The shared memory of SQLite has the locks of its readers while the database is in use. It is not part of the store's contents.
    private List<(string, string)> Files(bool isInUse) =>
    [
        .. Directory.EnumerateFiles(Store, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(f => !isInUse || !f.EndsWith("-shm", StringComparison.Ordinal)).Select(f => (f, Hash(f))),
    ];

    private static string Hash(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexString(SHA256.HashData(file));
    }

    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }
}
