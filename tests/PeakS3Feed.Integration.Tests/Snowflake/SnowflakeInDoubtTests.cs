using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;
using static PeakS3Feed.Integration.Snowflake.SnowflakeChannelTests;

namespace PeakS3Feed.Integration.Snowflake;

/// <summary>Scripts whose outcome is unknown, and how it becomes known. The check in the script stands for the ledger's.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class SnowflakeInDoubtTests
{
    private const string Submit = "^SnowflakeApi.Submit EXECUTE IMMEDIATE";
    private const string Insert = "^INSERT INTO \"T\"";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [SkippableTheory]
    [InlineData(ControlAction.DropBefore, TokenMode.Normal)]
    [InlineData(ControlAction.DropBefore, TokenMode.Forget)]
    [InlineData(ControlAction.DropBefore, TokenMode.ReplayFailure)]
    [InlineData(ControlAction.DropAfter, TokenMode.Normal)]
    [InlineData(ControlAction.DropAfter, TokenMode.Forget)]
    [InlineData(ControlAction.DropAfter, TokenMode.ReplayFailure)]
    public async Task A_lost_answer_is_settled_by_another_session_and_the_script_takes_effect_once(ControlAction action, TokenMode tokens)
    {
        await using var h = await SnowflakeChannelHarness.StartAsync();
        h.Load.Server.Tokens = tokens;
        var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("drop", Submit, action));
        var error = await Assert.ThrowsAsync<StatementInDoubtException>(() => channel.RunAsync(Once("once"), () => { }, default));
        Assert.Equal(FaultKind.Transient, channel.Classify(error));
        Assert.Equal("DestinationUnreachable", Assert.IsType<FeedException>(channel.Translate(error)).Id);

        var next = h.Open();
        await next.SettleAsync(default);
        Assert.Equal("1", await h.IdsAsync());

        var runs = Runs(h);
        await next.SettleAsync(default);
        Assert.Equal(runs, Runs(h));
        Assert.Equal(action == ControlAction.DropAfter && tokens == TokenMode.Forget ? 2 : 1, runs);
    }

    [SkippableTheory]
    [InlineData(TokenMode.Normal)]
    [InlineData(TokenMode.Forget)]
    [InlineData(TokenMode.ReplayFailure)]
    public async Task A_script_that_ran_and_failed_behind_a_lost_answer_leaves_room_for_the_next_attempt(TokenMode tokens)
    {
        await using var h = await SnowflakeChannelHarness.StartAsync();
        h.Load.Server.Tokens = tokens;
        var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("drop", Submit, ControlAction.DropAfter));
        h.Load.Server.Controls.Add(new ControlRule("fail", Insert, ControlAction.Fail, Times: 2, State: "57014", Code: "000625"));
        await Assert.ThrowsAsync<StatementInDoubtException>(() => channel.RunAsync(Once("first"), () => { }, default));

        await channel.SettleAsync(default);
        h.Load.Server.Controls.Release("fail");
        await channel.RunAsync(Once("second"), () => { }, default);

        Assert.Equal("1", await h.IdsAsync());
    }

    [SkippableFact]
    public async Task A_script_that_ran_twice_because_its_id_was_forgotten_never_counts_as_refused()
    {
        await using var h = await SnowflakeChannelHarness.StartAsync(retries: 1);
        h.Load.Server.Tokens = TokenMode.Forget;
        var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("drop", Submit, ControlAction.DropAfter));

        // The first request commits, and its answer is lost. The second one fails at the check.
        var error = await Assert.ThrowsAsync<StatementInDoubtException>(() => channel.RunAsync(Once("once"), () => { }, default));

        Assert.Equal("check that it's not loaded", Assert.IsType<StatementRefusedException>(error.InnerException).Statement);
        Assert.Equal("1", await h.IdsAsync());
        var runs = Runs(h);
        await channel.SettleAsync(default);
        Assert.Equal(runs, Runs(h));
    }

    [SkippableFact]
    public async Task A_script_whose_end_cannot_be_asked_for_is_waited_for_and_not_sent_again()
    {
        await using var h = await SnowflakeChannelHarness.StartAsync();
        h.Load.Server.Tokens = TokenMode.Forget;
        var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("stall", Insert, ControlAction.Stall));
        h.Load.Server.Controls.Add(new ControlRule("drop", "^SnowflakeApi.Poll", ControlAction.DropBefore));
        using var limit = new CancellationTokenSource(Limit);

        await Assert.ThrowsAsync<StatementInDoubtException>(() => channel.RunAsync(Once("once"), () => { }, default));
        var next = h.Open();
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.SettleAsync(impatient.Token));
        var settled = next.SettleAsync(limit.Token);
        await Task.Delay(300);
        Assert.False(settled.IsCompleted);
        h.Load.Server.Controls.Release("stall");
        await settled;

        Assert.Equal("1", await h.IdsAsync());
        Assert.Equal(1, Runs(h));
    }

    [SkippableFact]
    public async Task Cancelling_a_script_asks_the_warehouse_to_end_it_and_its_end_is_known()
    {
        await using var h = await SnowflakeChannelHarness.StartAsync();
        var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("stall", Insert, ControlAction.Stall));
        using var stop = new CancellationTokenSource();
        using var limit = new CancellationTokenSource(Limit);
        var running = channel.RunAsync(Once("once"), () => { }, stop.Token);
        await h.Load.Server.Controls.ReachedAsync("stall", limit.Token);
        await stop.CancelAsync();
        var error = await Assert.ThrowsAsync<StatementInDoubtException>(() => running);
        Assert.Equal(StatementRefusal.Cancelled, Assert.IsType<StatementRefusedException>(error.InnerException).Refusal);
        h.Load.Server.Controls.Release("stall");
        await channel.SettleAsync(limit.Token);
        Assert.Equal("", await h.IdsAsync());
        await channel.RunAsync(Once("next"), () => { }, default);
        Assert.Equal("1", await h.IdsAsync());
    }

    [SkippableTheory]
    [InlineData(400, "390142", "DestinationRefused", FaultKind.Refused)]
    [InlineData(429, "390001", "DestinationNotReady", FaultKind.Transient)]
    public async Task A_request_that_the_service_refuses_is_not_in_doubt(int status, string code, string id, FaultKind fault)
    {
        await using var h = await SnowflakeChannelHarness.StartAsync();
        var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("fail", Submit, ControlAction.Fail, Status: status, Code: code, Message: "words"));

        var error = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.RunAsync(Once("once"), () => { }, default));

        Assert.Equal((id, fault), (Assert.IsType<FeedException>(channel.Translate(error)).Id, channel.Classify(error)));
        await channel.SettleAsync(default);
        Assert.Equal(0, Runs(h));
    }

    // How often the script began to run.
    private static int Runs(SnowflakeChannelHarness h) => h.Load.Server.Controls.Statements.Count(s => s == "UPDATE \"LOCK\" SET epoch = epoch");
}
