using PeakS3Feed.Connections;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Runs;

public sealed class FeedRunsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FeedEngine _engine;
    private readonly Guid _orders = Guid.NewGuid();

    public FeedRunsTests() => _engine = new FeedEngine(StorePaths.Resolve(_folder["store"], _ => null));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_is_found_by_the_beginning_of_its_id_that_no_other_has()
    {
        var one = await RanAsync("orders") with { Id = Guid.Parse("aaaa1111-0000-4000-8000-000000000001") };
        var two = one with { Id = Guid.Parse("aaaa2222-0000-4000-8000-000000000002") };
        await _engine.History.StartAsync(one);
        await _engine.History.StartAsync(two);
        Assert.Equal(one, await _engine.Runs.FindAsync("AAAA1", default));
        Assert.Equal(two, await _engine.Runs.FindAsync(two.Id.ToString("B"), default));
        Assert.Contains("Several", (await NotFoundAsync("aaaa")).Message, StringComparison.Ordinal);
        Assert.Contains("no run", (await NotFoundAsync("aaaa3")).Message, StringComparison.Ordinal);
        Assert.Contains("no run", (await NotFoundAsync(Guid.NewGuid().ToString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_those_of_the_feed_that_has_the_name_now_or_had_it_when_it_was_there()
    {
        await _engine.Store.UpdateAsync(d => d
            .With(new S3Connection { Name = "acme", BucketName = "acme" })
            .With(new S3Feed { Id = _orders, Name = "sales", ConnectionName = "acme" }));
        var renamed = await RanAsync("orders", _orders);
        var gone = await RanAsync("people");
        Assert.Equal([renamed], await _engine.Runs.ListAsync("SALES", RunFilter.All, default).ToListAsync());
        Assert.Equal([gone], await _engine.Runs.ListAsync("people", RunFilter.All, default).ToListAsync());
        Assert.Equal([renamed], await _engine.Runs.ListAsync(n => n.StartsWith('s'), RunFilter.All, default).ToListAsync());
        Assert.Empty(await _engine.Runs.ListAsync(n => n.StartsWith('o'), RunFilter.All, default).ToListAsync());
        Assert.Equal([gone, renamed], await _engine.Runs.ListAsync(fits: null, RunFilter.All, default).ToListAsync());
        Assert.Empty(await _engine.Runs.ListAsync("people", new RunFilter { Statuses = [RunStatus.Failed] }, default).ToListAsync());
        var unknown = await Assert.ThrowsAsync<FeedException>(() => _engine.Runs.ListAsync("nobody", RunFilter.All, default).ToListAsync());
        Assert.Equal("FeedNotFound", unknown.Id);
    }

    [Fact]
    public async Task The_last_runs_are_the_last_of_those_that_fit()
    {
        var first = await RanAsync("orders");
        var second = await RanAsync("orders");
        await RanAsync("people");
        Assert.Equal([second], await _engine.Runs.ListAsync(n => n == "orders", new RunFilter { Last = 1 }, default).ToListAsync());
        Assert.Equal([second, first], await _engine.Runs.ListAsync(n => n == "orders", new RunFilter { Last = 9 }, default).ToListAsync());
    }

    [Fact]
    public async Task A_run_whose_process_is_gone_has_failed_before_it_is_looked_for()
    {
        var dead = Sample.Run(at: DateTimeOffset.UtcNow);
        await _engine.History.StartAsync(dead);
        Assert.Empty(await _engine.Runs.ListAsync(fits: null, new RunFilter { Statuses = [RunStatus.Running] }, default).ToListAsync());
        Assert.Equal("ProcessEnded", (await _engine.Runs.FindAsync(dead.Id.ToString(), default)).ErrorId);
    }

    private async Task<S3FeedRun> RanAsync(string name, Guid? feed = null)
    {
        var run = Sample.Run(feed, DateTimeOffset.UtcNow, RunStatus.Succeeded, name);
        await _engine.History.StartAsync(run);
        return run;
    }

    private async Task<FeedException> NotFoundAsync(string id)
    {
        var error = await Assert.ThrowsAsync<FeedException>(() => _engine.Runs.FindAsync(id, default));
        Assert.Equal("RunNotFound", error.Id);
        return error;
    }
}
