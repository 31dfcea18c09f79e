using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Redshift;

/// <summary>Scripts whose outcome is unknown, and how it becomes known. The check in the script stands for the ledger's.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class RedshiftInDoubtTests
{
    private const string Submit = "^RedshiftData.BatchExecuteStatement";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [SkippableTheory]
    [InlineData(ControlAction.DropBefore, "")]
    [InlineData(ControlAction.DropAfter, "1")]
    public async Task A_connection_that_drops_at_COMMIT_leaves_it_open_and_the_next_call_opens_another(ControlAction action, string ids)
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.Wire);
        await using var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("drop", "^COMMIT$", action));
        var committing = false;

        var error = await Assert.ThrowsAnyAsync<Exception>(() => channel.RunAsync(Once(h), () => committing = true, default));

        Assert.IsNotType<StatementRefusedException>(error);
        Assert.Equal((true, FaultKind.Transient), (committing, channel.Classify(error)));
        Assert.Equal("DestinationLost", Assert.IsType<FeedException>(channel.Translate(error)).Id);
        await channel.SettleAsync(default);
        Assert.Equal(ids, await h.IdsAsync());
        var rows = await channel.QueryAsync(new($"SELECT count(*) FROM {h.Table}"), default).ToListAsync();
        Assert.Equal(ids == "" ? "0" : "1", Assert.Single(rows)[0]);
    }

    [SkippableFact]
    public async Task A_connection_that_drops_before_COMMIT_leaves_nothing_behind()
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.Wire);
        await using var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("drop", $"^INSERT INTO {h.Table}", ControlAction.DropAfter));
        var committing = false;

        var error = await Assert.ThrowsAnyAsync<Exception>(() => channel.RunAsync(Once(h), () => committing = true, default));

        Assert.Equal((false, FaultKind.Transient), (committing, channel.Classify(error)));
        await channel.RunAsync(Once(h), () => committing = true, default);
        Assert.Equal("1", await h.IdsAsync());
    }

    [SkippableTheory]
    [InlineData(ControlAction.DropBefore, TokenMode.Normal)]
    [InlineData(ControlAction.DropBefore, TokenMode.Forget)]
    [InlineData(ControlAction.DropBefore, TokenMode.ReplayFailure)]
    [InlineData(ControlAction.DropAfter, TokenMode.Normal)]
    [InlineData(ControlAction.DropAfter, TokenMode.Forget)]
    [InlineData(ControlAction.DropAfter, TokenMode.ReplayFailure)]
    public async Task A_lost_answer_is_settled_by_another_session_and_the_script_takes_effect_once(ControlAction action, TokenMode tokens)
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.DataApi);
        h.Load.Server.Tokens = tokens;
        h.Load.Server.Controls.Add(new ControlRule("drop", Submit, action));
        await using (var channel = await h.OpenWithTableAsync())
        {
            var error = await Assert.ThrowsAsync<StatementInDoubtException>(() => channel.RunAsync(Once(h), () => { }, default));
            Assert.Equal(FaultKind.Transient, channel.Classify(error));
            Assert.Equal("DestinationUnreachable", Assert.IsType<FeedException>(channel.Translate(error)).Id);
        }

        await using var next = await h.OpenAsync();
        await next.SettleAsync(default);
        Assert.Equal("1", await h.IdsAsync());

        var runs = Runs(h);
        await next.SettleAsync(default);
        Assert.Equal(runs, Runs(h));
        Assert.Equal(action == ControlAction.DropAfter && tokens == TokenMode.Forget ? 2 : 1, runs);
    }

    [SkippableFact]
    public async Task A_script_that_another_feed_sent_is_not_sent_again()
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.DataApi);
        await using var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("drop", Submit, ControlAction.DropBefore));
        await Assert.ThrowsAsync<StatementInDoubtException>(() => channel.RunAsync(Once(h), () => { }, default));

        await using var other = await h.Channels.OpenAsync("peaks3feed_lock_2", default);
        await other.SettleAsync(default);

        Assert.Equal("", await h.IdsAsync());
    }

    [SkippableTheory]
    [InlineData(TokenMode.Normal)]
    [InlineData(TokenMode.Forget)]
    [InlineData(TokenMode.ReplayFailure)]
    public async Task A_script_that_ran_and_failed_behind_a_lost_answer_leaves_room_for_the_next_attempt(TokenMode tokens)
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.DataApi);
        h.Load.Server.Tokens = tokens;
        await using var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("drop", Submit, ControlAction.DropAfter));
        h.Load.Server.Controls.Add(
            new ControlRule("fail", $"^INSERT INTO {h.Table}", ControlAction.Fail, Times: 2, Message: "1023"));
        await Assert.ThrowsAsync<StatementInDoubtException>(() => channel.RunAsync(Once(h, "first"), () => { }, default));

        await channel.SettleAsync(default);
        h.Load.Server.Controls.Release("fail");
        await channel.RunAsync(Once(h, "second"), () => { }, default);

        Assert.Equal("1", await h.IdsAsync());
    }

    [SkippableFact]
    public async Task A_script_that_ran_twice_because_its_token_was_forgotten_never_counts_as_refused()
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.DataApi, retries: 1);
        h.Load.Server.Tokens = TokenMode.Forget;
        await using var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("drop", Submit, ControlAction.DropAfter));

        // The first request commits, and its answer is lost. The second one fails at the check.
        var error = await Assert.ThrowsAsync<StatementInDoubtException>(() => channel.RunAsync(Once(h), () => { }, default));

        Assert.Equal("check: not loaded", Assert.IsType<StatementRefusedException>(error.InnerException).Statement);
        Assert.Equal(FaultKind.Transient, channel.Classify(error));
        Assert.Equal("1", await h.IdsAsync());
        var runs = Runs(h);
        await channel.SettleAsync(default);
        Assert.Equal(runs, Runs(h));
    }

    [SkippableFact]
    public async Task A_script_whose_end_cannot_be_asked_for_is_waited_for_and_not_sent_again()
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.DataApi);
        h.Load.Server.Tokens = TokenMode.Forget;
        await using var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("stall", $"^INSERT INTO {h.Table}", ControlAction.Stall));
        h.Load.Server.Controls.Add(new ControlRule("drop", "^RedshiftData.DescribeStatement", ControlAction.DropBefore));
        using var limit = new CancellationTokenSource(Limit);

        await Assert.ThrowsAsync<StatementInDoubtException>(() => channel.RunAsync(Once(h), () => { }, default));
        await using var next = await h.OpenAsync();
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
    public async Task A_session_waits_for_the_script_of_another_one_and_does_not_send_it_again()
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.DataApi);
        h.Load.Server.Tokens = TokenMode.Forget;
        await using var channel = await h.OpenWithTableAsync();
        await using var next = await h.OpenAsync();
        h.Load.Server.Controls.Add(new ControlRule("stall", $"^INSERT INTO {h.Table}", ControlAction.Stall));
        using var limit = new CancellationTokenSource(Limit);

        var script = channel.RunAsync(Once(h), () => { }, default);
        await h.Load.Server.Controls.ReachedAsync("stall", limit.Token);
        var settled = next.SettleAsync(limit.Token);
        await Task.Delay(300);
        Assert.False(settled.IsCompleted);
        h.Load.Server.Controls.Release("stall");
        await Task.WhenAll(script, settled);

        Assert.Equal(1, Runs(h));
    }

    [SkippableTheory]
    [InlineData("ValidationException", "DestinationRefused", FaultKind.Refused)]
    [InlineData("AccessDeniedException", "DestinationCallDenied", FaultKind.Refused)]
    [InlineData("ActiveStatementsExceededException", "DestinationNotReady", FaultKind.Transient)]
    public async Task A_request_that_the_service_refuses_is_not_in_doubt(string code, string id, FaultKind fault)
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.DataApi);
        await using var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("fail", Submit, ControlAction.Fail, State: code, Message: "words"));

        var error = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.RunAsync(Once(h), () => { }, default));

        Assert.Equal((id, fault), (Assert.IsType<FeedException>(channel.Translate(error)).Id, channel.Classify(error)));
        await channel.SettleAsync(default);
        Assert.Equal(0, Runs(h));
    }

    [SkippableFact]
    public async Task A_refusal_after_a_lost_answer_is_in_doubt()
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.DataApi, retries: 1);
        await using var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("1 drop", Submit, ControlAction.DropAfter));
        h.Load.Server.Controls.Add(new ControlRule("2 fail", Submit, ControlAction.Fail, Skip: 1, State: "ValidationException", Message: "words"));

        await Assert.ThrowsAsync<StatementInDoubtException>(() => channel.RunAsync(Once(h), () => { }, default));
        await channel.SettleAsync(default);

        Assert.Equal("1", await h.IdsAsync());
        Assert.Equal(1, Runs(h));
    }

    private static WarehouseScript Once(ChannelHarness h, string token = "once") => new(
        [
            new("lock", $"LOCK {h.Table}"),
            new("check: not loaded", $"SELECT 1 / (CASE WHEN count(*) = 0 THEN 1 ELSE 0 END) FROM {h.Table}"),
            new("insert", $"INSERT INTO {h.Table} (id) VALUES (1)"),
        ],
        token);

    // How often the script began to run.
    private static int Runs(ChannelHarness h) => h.Load.Server.Controls.Statements.Count(s => s == $"LOCK {h.Table}");
}
