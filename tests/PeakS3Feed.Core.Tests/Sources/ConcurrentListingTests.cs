using PeakS3Feed.Sources;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Sources;

/// <summary>Long listings, which are requested in parts at the same time, against the sorted keys.</summary>
public class ConcurrentListingTests
{
    public static TheoryData<int> Degrees => [1, 2, 3, 8, 16];

    public static TheoryData<string, int> Spaces
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var space in ListedKeys.Spaces)
            {
                foreach (var degree in (int[])[1, 2, 3, 8, 16])
                    data.Add(space, degree);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public async Task A_listing_has_every_key_once_in_order_at_every_degree(string space, int degree)
    {
        var keys = ListedKeys.Create(space, new Random(degree));
        await using var h = await StartAsync(degree, keys, pageSize: 10);

        Assert.Equal(keys.Where(IsListed), (await h.ListAsync("in/")).Select(o => o.Key));

        // The parts of so short a listing have two pages each, of which one may be beyond the end, and one in ten searches for folders.
        var pages = (keys.Count(IsListed) / 10) + 1;
        Assert.InRange(h.Requests(FakeOperation.List).Count(), pages - 1, degree == 1 ? pages : 3 * pages);
        Assert.All(h.Requests(FakeOperation.List), r => Assert.StartsWith("in/", r.Key, StringComparison.Ordinal));
        Assert.InRange(h.S3.Traffic.Read().AtOnce, 1, degree);
    }

    [Theory]
    [MemberData(nameof(Degrees))]
    public async Task Faults_lose_no_key_and_repeat_none(int degree)
    {
        var keys = ListedKeys.Create("folders", new Random(degree));
        await using var h = await StartAsync(degree, keys, pageSize: 10);
        var asked = 0;
        foreach (var fault in (Fault[])[Fault.SlowDown, Fault.InternalError, new() { HangUp = true }, Fault.Drop(100), new() { Delay = TimeSpan.FromMilliseconds(30) }])
            h.S3.Faults.Enqueue(fault, FakeOperation.List, times: int.MaxValue, when: _ => Interlocked.Increment(ref asked) % 23 == 0);

        Assert.Equal(keys.Where(IsListed), (await h.ListAsync("in/")).Select(o => o.Key));
    }

    [Theory]
    [MemberData(nameof(Degrees))]
    public async Task Objects_that_come_and_go_meanwhile_cause_neither_duplicates_nor_disorder(int degree)
    {
        var keys = ListedKeys.Create("numbered", new Random(degree));
        await using var h = await StartAsync(degree, keys, pageSize: 10);
        var random = new Random(degree);
        h.S3.Faults.Enqueue(new Fault { Then = Change }, FakeOperation.List, times: int.MaxValue);

        var listed = (await h.ListAsync("in/")).ConvertAll(o => o.Key);

        Assert.All(listed.Zip(listed.Skip(1)), pair => Assert.True(KeyOrder.Instance.Compare(pair.First, pair.Second) < 0));
        Assert.Superset(keys.Where((k, i) => i % 2 == 0 && IsListed(k)).ToHashSet(StringComparer.Ordinal), listed.ToHashSet(StringComparer.Ordinal));

        void Change()
        {
            lock (random)
            {
                h.S3.Remove("acme", keys[random.Next(keys.Count / 2) * 2 % keys.Count | 1]);
                h.S3.Put("acme", keys[random.Next(keys.Count)] + "-new", new byte[] { 1 });
            }
        }
    }

    [Theory]
    [MemberData(nameof(Degrees))]
    public async Task An_error_is_that_of_a_listing_of_one_page_after_the_other(int degree)
    {
        var keys = ListedKeys.Create("folders", new Random(1));
        await using var h = await StartAsync(degree, keys, pageSize: 10);
        h.S3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.List, times: int.MaxValue, when: r => h.Requests(FakeOperation.List).Count() > 40);
        var listed = new List<string>();

        var error = await S3Harness.FailsAsync("ListDenied", async () =>
        {
            await foreach (var o in h.Source.ListAsync("in/", default))
                listed.Add(o.Key);
        });

        Assert.StartsWith("Listing s3://acme/in/ is denied.", error.Message, StringComparison.Ordinal);
        Assert.Equal(keys.Where(IsListed).Take(listed.Count), listed);
    }

    [Fact]
    public async Task A_refused_search_for_folders_does_not_matter()
    {
        var keys = ListedKeys.Create("folders", new Random(1));
        await using var h = await StartAsync(8, keys, pageSize: 10);
        h.S3.Network = new FakeNetwork { Delay = TimeSpan.FromMilliseconds(5) }; // so that requests overlap
        h.S3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.List, times: int.MaxValue, when: r => r.Query.ContainsKey("delimiter"));

        Assert.Equal(keys.Where(IsListed), (await h.ListAsync("in/")).Select(o => o.Key));
        Assert.Contains(h.Requests(FakeOperation.List), r => r.Query.ContainsKey("delimiter"));
        Assert.InRange(h.S3.Traffic.Read().AtOnce, 2, 8);
    }

    [Fact]
    public async Task A_server_that_ignores_start_after_is_listed_page_after_page()
    {
        var keys = ListedKeys.Create("folders", new Random(1));
        await using var h = await StartAsync(16, keys, pageSize: 10);
        h.S3.IgnoresStartAfter = true;

        Assert.Equal(keys.Where(IsListed), (await h.ListAsync("in/")).Select(o => o.Key));
        Assert.Equal(1, h.S3.Traffic.Read().AtOnce);
    }

    [Fact]
    public async Task SlowDown_halves_the_requests()
    {
        var pace = new ListingPace(16, TimeProvider.System);
        Assert.Equal(1, pace.Limit);
        for (var i = 0; i < 5; i++)
            pace.Grow();
        Assert.Equal(16, pace.Limit);
        pace.Reduce();
        pace.Reduce(); // refused together with the first
        Assert.Equal(8, pace.Limit);
        pace.Grow();
        Assert.Equal(9, pace.Limit);

        // The server answers twelve requests a second: a listing that did not wait would use up its retries, however many a busy machine needs.
        var keys = ListedKeys.Create("folders", new Random(1)).Take(400).ToList();
        await using var h = await StartAsync(16, keys, pageSize: 20, budget: S3Harness.Quick with { Policy = new(40, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(400)) });
        h.S3.Network = new FakeNetwork { MostPerSecond = 12 };
        Assert.Equal(keys.Where(IsListed), (await h.ListAsync("in/")).Select(o => o.Key));
        Assert.True(h.S3.Traffic.Read().Refused > 0);
    }

    [Fact]
    public async Task Cancellation_ends_all_requests()
    {
        await using var h = await StartAsync(16, ListedKeys.Create("folders", new Random(1)), pageSize: 10);
        using var stop = new CancellationTokenSource();
        // From here on no request is answered, however fast the listing is ahead of its reader.
        h.S3.Faults.Enqueue(new Fault { Delay = TimeSpan.FromHours(1) }, FakeOperation.List, times: int.MaxValue, when: _ => h.S3.Requests.Count > 30);

        var listing = h.Source.ListAsync("in/", stop.Token).CountAsync().AsTask();
        await TestLimits.UntilAsync(() => h.S3.Requests.Count > 30 && h.S3.Traffic.Active > 1, "requests that wait");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listing.WaitAsync(TestLimits.Hang));
        await TestLimits.UntilAsync(() => h.S3.Traffic.Active == 0, "end of all requests");
    }

    [Fact]
    public async Task A_caller_that_stops_early_leaves_no_request()
    {
        await using var h = await StartAsync(16, ListedKeys.Create("folders", new Random(1)), pageSize: 10);
        await foreach (var o in h.Source.ListAsync("in/", default))
        {
            if (o.Key.Contains("/1", StringComparison.Ordinal))
                break;
        }
        var asked = h.S3.Requests.Count;
        await TestLimits.UntilAsync(() => h.S3.Traffic.Active == 0, "end of all requests");
        Assert.Equal(asked, h.S3.Requests.Count);
    }

    private static bool IsListed(string key) => key.StartsWith("in/", StringComparison.Ordinal);

    private static async Task<S3Harness> StartAsync(int degree, IReadOnlyList<string> keys, int pageSize, PeakS3Feed.Aws.RetryBudget? budget = null)
    {
        var h = await S3Harness.StartAsync(S3Harness.Plain with { MaxConnections = degree }, budget: budget);
        h.S3.PageSize = pageSize;
        foreach (var key in keys)
            h.S3.Put("acme", new FakeObject(key, 1, "e", DateTimeOffset.UnixEpoch, () => new byte[] { 1 }));
        return h;
    }
}
