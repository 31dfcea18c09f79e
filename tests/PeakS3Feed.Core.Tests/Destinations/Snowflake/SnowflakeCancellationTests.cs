using PeakS3Feed.TestServers.SnowflakeApi;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>Ctrl+C while a statement runs, or is on its way.</summary>
public sealed class SnowflakeCancellationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_the_caller_cancels_the_statement(bool isQuery)
    {
        await using var h = await SqlApiHarness.StartAsync();
        var copy = new FakeSqlStatement { EndsAfter = null };
        h.Api.Next.Enqueue(copy);
        using var stop = new CancellationTokenSource();
        var channel = h.Open();
        Task running = isQuery
            ? channel.QueryAsync(new("SELECT"), stop.Token).ToListAsync().AsTask()
            : channel.ExecuteAsync(new("COPY"), stop.Token);
        await h.RequestedAsync("poll");
        await stop.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(stop.Token, error.CancellationToken);
        Assert.Equal(copy.Handle, Assert.Single(h.Calls("cancel")).Handle);
        Assert.True(copy.HasEnded);
    }

    [Fact]
    public async Task A_statement_whose_handle_is_still_on_its_way_is_cancelled_too()
    {
        await using var h = await SqlApiHarness.StartAsync();
        var copy = new FakeSqlStatement { EndsAfter = null };
        h.Api.Next.Enqueue(copy);
        using var stop = new CancellationTokenSource();
        h.Api.Fail("submit", new SqlApiFault { LosesAnswer = true, Then = stop.Cancel });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => h.Open().ExecuteAsync(new("COPY"), stop.Token));
        Assert.Equal(2, h.Calls("submit").Count);
        Assert.Equal(1, h.Api.Started);
        Assert.True(copy.HasEnded);
    }

    [Fact]
    public async Task Cancelling_does_not_wait_for_ever_for_the_handle()
    {
        var time = new SteppedTime(DateTimeOffset.UtcNow);
        await using var h = await SqlApiHarness.StartAsync(time: time);
        using var stop = new CancellationTokenSource();
        using var held = new ManualResetEventSlim();
        h.Api.Fail("submit", new SqlApiFault { LosesAnswer = true, Then = () => held.Wait(Testing.TestLimits.Hang) });
        var running = h.Open().ExecuteAsync(new("COPY"), stop.Token);
        await h.RequestedAsync("submit");
        await stop.CancelAsync();
        time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        held.Set();
        Assert.Empty(h.Calls("cancel"));
        Assert.Contains(h.Log, l => l.Contains($"request {h.Calls("submit")[0].RequestId}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_statement_that_ends_before_it_is_cancelled_is_no_error()
    {
        await using var h = await SqlApiHarness.StartAsync();
        var copy = new FakeSqlStatement { EndsAfter = null };
        h.Api.Next.Enqueue(copy);
        using var stop = new CancellationTokenSource();
        h.Api.Fail("poll", new SqlApiFault(503) { Then = () => { copy.End(); stop.Cancel(); } });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => h.Open().ExecuteAsync(new("COPY"), stop.Token));
        Assert.Contains(h.Log, l => l.Contains(copy.Handle + " could not be cancelled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_caller_that_is_cancelled_before_sends_nothing()
    {
        await using var h = await SqlApiHarness.StartAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => h.Open().ExecuteAsync(new("COPY"), new(canceled: true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => h.Open().RunAsync(new([new("a", "UPDATE")]), () => { }, new(canceled: true)));
        Assert.Empty(h.Api.Calls);
    }
}
