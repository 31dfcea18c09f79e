using PeakS3Feed.Rows;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Tests.Runs;

public sealed class RejectLogTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly S3FeedRun _run = Sample.Run();
    private readonly RunHistory _history;

    public RejectLogTests() => _history = new RunHistory(_folder.Path);

    public Task InitializeAsync() => _history.StartAsync(_run);

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private Task<List<Reject>> StoredAsync() => _history.ListRejectsAsync(_run.Id).ToListAsync();

    [Fact]
    public async Task Rejects_come_back_as_they_were_in_order()
    {
        List<Reject> rejects = [Sample.Reject(line: 3), Sample.Reject(line: 2, raw: null), new(new("s3://acme/ü+ %.csv"), "no", "")];
        await using (var log = _history.OpenRejects(_run.Id)) await log.AddAsync(1, rejects);
        Assert.Equal(rejects, await StoredAsync());
    }

    [Fact]
    public async Task At_most_10000_are_stored_while_the_count_is_exact()
    {
        await using var log = _history.OpenRejects(_run.Id);
        for (var i = 0; i < 11; i++) await log.AddAsync(i / 4, [.. Enumerable.Range(0, 999).Select(n => Sample.Reject($"{i}.csv", n))]);
        await log.FlushAsync();
        Assert.Equal(10_989, log.Count);
        Assert.Equal(RejectLog.MaxStored, (await StoredAsync()).Count);

        // Commits 0 and 1 hold 3,996 each; commit 2 holds what was not stored too.
        await log.DiscardAsync(2);
        Assert.Equal(7_992, log.Count);
        Assert.Equal(7_992, (await StoredAsync()).Count);
        await log.AddAsync(2, [.. Enumerable.Range(0, 2_100).Select(n => Sample.Reject("again.csv", n))]);
        await log.FlushAsync();
        Assert.Equal(10_092, log.Count);
        Assert.Equal(RejectLog.MaxStored, (await StoredAsync()).Count);
    }

    [Fact]
    public async Task Those_of_an_object_or_a_commit_can_be_taken_back()
    {
        await using var log = _history.OpenRejects(_run.Id);
        await log.AddAsync(1, [Sample.Reject("a.csv"), Sample.Reject("b.csv")]);
        await log.AddAsync(2, [Sample.Reject("a.csv"), Sample.Reject("c.csv")]);
        await log.DiscardObjectAsync("s3://acme/a.csv");
        Assert.Equal(2, log.Count);
        await log.DiscardAsync(1);
        Assert.Equal(1, log.Count);
        Assert.Equal("s3://acme/c.csv", Assert.Single(await StoredAsync()).Position.ObjectUri);
    }

    [Fact]
    public async Task Raw_text_is_cut_at_8_KiB_and_never_inside_a_character()
    {
        var raw = "x" + string.Concat(Enumerable.Repeat("😀", 3000));
        await using (var log = _history.OpenRejects(_run.Id)) await log.AddAsync(1, [Sample.Reject(raw: raw)]);
        Assert.Equal("x" + string.Concat(Enumerable.Repeat("😀", 2047)), Assert.Single(await StoredAsync()).RawText);
    }

    [Fact]
    public async Task Raw_text_is_not_kept_on_request()
    {
        await using (var log = _history.OpenRejects(_run.Id, RejectText.None)) await log.AddAsync(1, [Sample.Reject(raw: "customer data")]);
        Assert.Null(Assert.Single(await StoredAsync()).RawText);
        var bytes = await File.ReadAllBytesAsync(_folder["state.db-wal"]);
        Assert.Equal(-1, bytes.AsSpan().IndexOf("customer data"u8));
    }

    [Fact]
    public async Task Several_tasks_may_add_at_once()
    {
        await using var log = _history.OpenRejects(_run.Id);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++) await log.AddAsync(1, [Sample.Reject($"{t}.csv", i), Sample.Reject($"{t}.csv", i)]);
        })));
        await log.FlushAsync();
        Assert.Equal(800, log.Count);
        Assert.Equal(800, (await StoredAsync()).Count);
    }
}
