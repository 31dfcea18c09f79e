using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;
using PeakS3Feed.TestServers.SnowflakeApi;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>Scripts whose answers are lost, with a service that remembers request ids and with one that forgets them.</summary>
public sealed class SnowflakeInDoubtTests
{
    private const string Check = "check that the load is not committed yet";

    private static readonly (int, string, string, string) CheckFailed = (
        422, "090001", "P0001", $"Uncaught exception of type 'CHECK_1' on line 8 at position 27 : peaks3feed: {Check}");

    [Fact]
    public async Task A_script_is_one_request_with_an_id_made_of_its_token()
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Next.Enqueue(new() { EndsAfter = 1 });
        var committing = 0;
        await h.Open().RunAsync(Script("load-1"), () => committing++, default);
        Assert.Equal(1, committing);
        var call = Assert.Single(h.Calls("submit"));
        Assert.Equal((SnowflakeChannel.CreateRequestId("load-1").ToString("D"), "true", false), (call.RequestId, call.Query["async"], call.IsRetry));
        Assert.Equal(new SnowflakeScript(Script("load-1")).Sql, call.Statement);
        await h.Open().SettleAsync(default);
        Assert.Single(h.Calls("submit"));
    }

    [Fact]
    public void Another_attempt_has_another_request_id_of_a_valid_form()
    {
        var ids = new[] { "load-1", "load-1", "load-2" }.Select(t => SnowflakeChannel.CreateRequestId(t).ToString("D")).ToList();
        Assert.Equal(2, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_check_that_fails_is_named(bool namesHandle)
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Next.Enqueue(new() { Failure = CheckFailed, NamesHandle = namesHandle });
        var channel = h.Open();
        var error = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.RunAsync(Script("load-1"), () => { }, default));
        Assert.Equal((Check, StatementRefusal.CheckFailed, $"peaks3feed: {Check}"), (error.Statement, error.Refusal, error.Message));
        Assert.Equal(FaultKind.Refused, channel.Classify(error));
        await channel.SettleAsync(default);
        Assert.Single(h.Calls("submit"));
    }

    [Fact]
    public async Task A_lost_answer_is_settled_with_the_same_request()
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Fail("submit", new SqlApiFault { LosesAnswer = true }, times: 5);
        var channel = h.Open();
        var error = await Assert.ThrowsAsync<StatementInDoubtException>(() => channel.RunAsync(Script("load-1"), () => { }, default));
        Assert.Equal(FaultKind.Transient, channel.Classify(error));
        Assert.Equal("DestinationUnreachable", Assert.IsType<FeedException>(channel.Translate(error)).Id);

        await h.Open("another lock").SettleAsync(default);
        Assert.Equal(5, h.Calls("submit").Count);
        await h.Open().SettleAsync(default);
        Assert.Equal([false, true, true, true, true, true], h.Calls("submit").Select(c => c.IsRetry));
        Assert.Single(h.Calls("submit").Select(c => (c.RequestId, c.Statement)).Distinct());
        Assert.Equal(1, h.Api.Started);
        await h.Open().SettleAsync(default);
        Assert.Equal(6, h.Calls("submit").Count);
    }

    [Fact]
    public async Task A_check_that_fails_after_a_lost_answer_is_in_doubt_because_the_service_may_have_run_the_script_twice()
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.RemembersRequests = false;
        h.Api.Next.Enqueue(new());
        h.Api.Next.Enqueue(new() { Failure = CheckFailed });
        h.Api.Fail("submit", new SqlApiFault { LosesAnswer = true });
        var channel = h.Open();
        var error = await Assert.ThrowsAsync<StatementInDoubtException>(() => channel.RunAsync(Script("load-1"), () => { }, default));
        Assert.Equal(FaultKind.Transient, channel.Classify(error));
        await channel.SettleAsync(default);
        Assert.Equal(2, h.Calls("submit").Count);
    }

    [Fact]
    public async Task Another_attempt_does_not_get_an_old_failure()
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Next.Enqueue(new() { Failure = (422, "000625", "57014", "this lock has not yet been released") });
        var channel = h.Open();
        var error = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.RunAsync(Script("load-1"), () => { }, default));
        Assert.Equal(FaultKind.Transient, channel.Classify(error));
        await Assert.ThrowsAsync<StatementRefusedException>(() => channel.RunAsync(Script("load-1"), () => { }, default)); // the service repeats it
        await channel.RunAsync(Script("load-2"), () => { }, default);
        Assert.Equal(2, h.Api.Started);
    }

    [Fact]
    public async Task A_session_waits_for_the_end_of_a_script_whose_polls_failed()
    {
        await using var h = await SqlApiHarness.StartAsync();
        var script = new FakeSqlStatement { EndsAfter = null };
        h.Api.Next.Enqueue(script);
        h.Api.Fail("poll", new SqlApiFault(503), times: 5);
        await Assert.ThrowsAsync<StatementInDoubtException>(() => h.Open().RunAsync(Script("load-1"), () => { }, default));

        var next = h.Open();
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.SettleAsync(impatient.Token));
        var settled = next.SettleAsync(default);
        await h.RequestedAsync("poll", 8);
        Assert.False(settled.IsCompleted);
        script.End();
        await settled;
        Assert.Single(h.Calls("submit"));
        Assert.Empty(h.Calls("cancel"));
    }

    [Fact]
    public async Task A_script_that_the_service_no_longer_knows_has_ended()
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Next.Enqueue(new() { EndsAfter = null });
        h.Api.Fail("poll", new SqlApiFault(503) { Then = h.Api.Forget }, times: 5);
        await Assert.ThrowsAsync<StatementInDoubtException>(() => h.Open().RunAsync(Script("load-1"), () => { }, default));
        await h.Open().SettleAsync(default);
        await h.Open().SettleAsync(default);
        Assert.Equal(6, h.Calls("poll").Count);
        Assert.Single(h.Calls("submit"));
    }

    [Fact]
    public async Task Cancelling_asks_the_service_to_end_the_script_and_its_end_counts()
    {
        await using var h = await SqlApiHarness.StartAsync();
        var script = new FakeSqlStatement { EndsAfter = null };
        h.Api.Next.Enqueue(script);
        using var stop = new CancellationTokenSource();
        var channel = h.Open();
        var running = channel.RunAsync(Script("load-1"), () => { }, stop.Token);
        await h.RequestedAsync("poll");
        await stop.CancelAsync();
        var error = await Assert.ThrowsAsync<StatementInDoubtException>(() => running);
        Assert.Equal(StatementRefusal.Cancelled, Assert.IsType<StatementRefusedException>(error.InnerException).Refusal);
        Assert.Equal(script.Handle, Assert.Single(h.Calls("cancel")).Handle);
        await channel.SettleAsync(default);
        Assert.Single(h.Calls("submit"));
    }

    [Fact]
    public async Task A_script_that_was_in_time_is_committed_though_it_was_cancelled()
    {
        await using var h = await SqlApiHarness.StartAsync();
        var script = new FakeSqlStatement { EndsAfter = null };
        h.Api.Next.Enqueue(script);
        using var stop = new CancellationTokenSource();
        h.Api.Fail("cancel", new SqlApiFault(422) { Code = "000605", Message = "not executing", Then = script.End });
        var running = h.Open().RunAsync(Script("load-1"), () => { }, stop.Token);
        await h.RequestedAsync("poll");
        await stop.CancelAsync();
        await running;
    }

    [Theory]
    [InlineData(400, "390142", "DestinationRefused", FaultKind.Refused)]
    [InlineData(403, "390422", "DestinationLoginRefused", FaultKind.Refused)]
    [InlineData(429, "390001", "DestinationNotReady", FaultKind.Transient)]
    public async Task A_request_that_the_service_refuses_is_not_in_doubt(int status, string code, string id, FaultKind fault)
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Fail("submit", new SqlApiFault(status) { Code = code, Message = "words" }, times: 5);
        var channel = h.Open();
        var error = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.RunAsync(Script("load-1"), () => { }, default));
        Assert.Equal((id, fault), (Assert.IsType<FeedException>(channel.Translate(error)).Id, channel.Classify(error)));
        var calls = h.Calls("submit").Count;
        await channel.SettleAsync(default);
        Assert.Equal(calls, h.Calls("submit").Count);
    }

    [Fact]
    public async Task A_secret_that_is_missing_is_not_in_doubt()
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Secrets.Clear();
        var channel = h.Open();
        var error = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.RunAsync(Script("load-1"), () => { }, default));
        Assert.Equal("SecretNotFound", Assert.IsType<FeedException>(channel.Translate(error)).Id);
        await channel.SettleAsync(default);
        Assert.Empty(h.Api.Calls);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    public async Task A_service_that_fails_leaves_a_script_in_doubt(int status)
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Fail("submit", new SqlApiFault(status), times: 5);
        await Assert.ThrowsAsync<StatementInDoubtException>(() => h.Open().RunAsync(Script("load-1"), () => { }, default));
        await h.Open().SettleAsync(default);
        Assert.Equal(1, h.Api.Started);
        Assert.True(h.Calls("submit")[^1].IsRetry);
    }

    [Fact]
    public async Task A_refusal_after_a_lost_answer_is_in_doubt()
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Fail("submit", new SqlApiFault { LosesAnswer = true });
        h.Api.Fail("submit", new SqlApiFault(400) { Message = "words" });
        await Assert.ThrowsAsync<StatementInDoubtException>(() => h.Open().RunAsync(Script("load-1"), () => { }, default));
        await h.Open().SettleAsync(default);
        Assert.Equal(1, h.Api.Started);
    }

    [Fact]
    public async Task A_callback_that_fails_sends_nothing()
    {
        await using var h = await SqlApiHarness.StartAsync();
        var channel = h.Open();
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => channel.RunAsync(Script("load-1"), () => throw new InvalidOperationException(), default));
        await channel.SettleAsync(default);
        Assert.Empty(h.Api.Calls);
    }

    private static WarehouseScript Script(string token) => new(
        [
            new NamedStatement("lock", "UPDATE \"LOCK\" SET epoch = epoch"),
            new NamedCheck(Check, "COUNT(*) = 0", "\"PEAKS3FEED_LOAD\""),
            new NamedStatement("insert", "INSERT INTO t SELECT 1"),
        ],
        token);
}
