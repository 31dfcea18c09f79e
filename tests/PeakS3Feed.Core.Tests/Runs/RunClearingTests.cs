using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Tests.Runs;

public sealed class RunClearingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Guid _feed = Guid.NewGuid();
    private readonly RunHistory _history;

    public RunClearingTests() => _history = new RunHistory(_folder["state"], new FakeTimeProvider(Sample.Now));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Where_there_is_no_history_none_is_made()
    {
        Assert.Equal((0, 0), (await _history.CountAsync(RunFilter.All, before: null), await _history.ClearAsync(RunFilter.All, before: null)));
        Assert.False(Directory.Exists(_folder["state"]));
    }

    [Fact]
    public async Task Runs_that_ended_go_with_their_rejects_and_one_under_way_stays()
    {
        var (ended, other, underWay) = (await StartAsync(0), await StartAsync(1), await StartAsync(2, RunStatus.Running));
        foreach (var run in (S3FeedRun[])[ended, other, underWay])
        {
            await using var rejects = _history.OpenRejects(run.Id);
            await rejects.AddAsync(1, [Sample.Reject()]);
        }

        Assert.Equal(2, await _history.CountAsync(RunFilter.All, before: null));
        Assert.Equal(2, await _history.ClearAsync(RunFilter.All, before: null));
        Assert.Equal([underWay.Id], await ListedAsync(RunFilter.All));
        Assert.Empty(await _history.ListRejectsAsync(ended.Id).ToListAsync());
        Assert.Single(await _history.ListRejectsAsync(underWay.Id).ToListAsync());
        Assert.Equal(0, await _history.CountAsync(new RunFilter { Statuses = [RunStatus.Running] }, before: null));
    }

    [Fact]
    public async Task Only_those_that_are_meant_go()
    {
        var runs = new List<S3FeedRun>();
        for (var hour = 0; hour < 6; hour++) runs.Add(await StartAsync(hour, hour == 4 ? RunStatus.Failed : RunStatus.Succeeded));
        var foreign = Sample.Run(at: Sample.Now, status: RunStatus.Succeeded, name: "other");
        await _history.StartAsync(foreign);

        await ClearsAsync(new RunFilter { FeedName = "OTHER" }, before: null, foreign.Id);
        await ClearsAsync(new RunFilter { FeedId = _feed }, Sample.Now.AddHours(1), runs[0].Id);
        await ClearsAsync(new RunFilter { Since = Sample.Now.AddHours(5) }, before: null, runs[5].Id);
        await ClearsAsync(new RunFilter { Statuses = [RunStatus.Failed] }, before: null, runs[4].Id);
        await ClearsAsync(new RunFilter { Last = 1 }, Sample.Now.AddHours(3), runs[2].Id);
        Assert.Equal([runs[3].Id, runs[1].Id], await ListedAsync(RunFilter.All));
    }

    [Fact]
    public async Task Runs_are_listed_from_a_time_on()
    {
        var (_, second, third) = (await StartAsync(0), await StartAsync(1), await StartAsync(2));
        Assert.Equal([third.Id, second.Id], await ListedAsync(new RunFilter { Since = second.StartedAt.ToOffset(TimeSpan.FromHours(2)) }));
        Assert.Equal([third.Id], await ListedAsync(new RunFilter { Since = second.StartedAt.AddTicks(1) }));
    }

    private async Task ClearsAsync(RunFilter filter, DateTimeOffset? before, Guid expected)
    {
        var there = await ListedAsync(RunFilter.All);
        Assert.Equal(1, await _history.CountAsync(filter, before));
        Assert.Equal(1, await _history.ClearAsync(filter, before));
        Assert.Equal([expected], there.Except(await ListedAsync(RunFilter.All)));
    }

    private async Task<List<Guid>> ListedAsync(RunFilter filter) => [.. (await _history.ListAsync(filter).ToListAsync()).Select(r => r.Id)];

    private async Task<S3FeedRun> StartAsync(int hour, RunStatus status = RunStatus.Succeeded)
    {
        var run = Sample.Run(_feed, Sample.Now.AddHours(hour), status);
        await _history.StartAsync(run);
        return run;
    }
}
