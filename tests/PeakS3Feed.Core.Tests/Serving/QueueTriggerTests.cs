using PeakS3Feed.Errors;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers.Sqs;
using PeakS3Feed.Tests.Sources;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Tests.Serving;

public class QueueTriggerTests
{
    [Fact]
    public async Task An_announced_object_starts_a_run_and_its_message_is_deleted()
    {
        await using var h = await QueueHarness.StartAsync("orders");
        h.Sqs.Queue("orders").Send(S3Messages.Direct("acme", "in/a.csv"));

        await h.TickAsync();

        Assert.Equal("orders", Assert.Single(h.Runs));
        Assert.Empty(h.Sqs.Queue("orders").Messages);
        Assert.Equal(1, await h.CountAsync("orders"));
    }

    [Fact]
    public async Task All_feeds_of_a_queue_get_the_objects_that_they_take()
    {
        await using var h = await QueueHarness.StartAsync("orders", "returns");
        var queue = h.Sqs.Queue("orders");
        queue.Send(S3Messages.Direct("acme", ["in/a.csv", "back/b.csv", "in/c.csv", "elsewhere/d.csv", "in/e.png"]));
        queue.Send(S3Messages.Direct("other", "in/f.csv"));
        queue.Send(S3Messages.Direct("acme", "in/a.csv", "ObjectRemoved:Delete"));
        queue.Send(S3Messages.Test("acme"));

        await h.TickAsync();

        Assert.Equal((2, 1), (await h.CountAsync("orders"), await h.CountAsync("returns")));
        Assert.Equal(["orders", "returns"], h.Runs.Order());
        Assert.Empty(queue.Messages);
    }

    [Fact]
    public async Task Messages_of_many_requests_cause_one_run()
    {
        await using var h = await QueueHarness.StartAsync("orders");
        var queue = h.Sqs.Queue("orders");
        (queue.IsDisordered, queue.Duplicates) = (true, 0.3);
        for (var i = 0; i < 95; i++)
            queue.Send(S3Messages.Direct("acme", $"in/{i}.csv"));

        await h.TickAsync();

        Assert.Single(h.Runs);
        Assert.Equal(95, await h.CountAsync("orders"));
        Assert.Empty(queue.Messages);
    }

    [Fact]
    public async Task A_message_is_deleted_only_after_its_rows_are_written()
    {
        await using var h = await QueueHarness.StartAsync("orders");
        h.Sqs.Queue("orders").Send(S3Messages.Direct("acme", "in/a.csv"));
        List<long> rows = [];
        h.Sqs.Before = operation =>
        {
            if (operation == "DeleteMessageBatch")
                rows.Add(h.CountAsync("orders").GetAwaiter().GetResult());
        };

        await h.TickAsync();

        Assert.Equal(1, Assert.Single(rows));
    }

    [Fact]
    public async Task If_the_rows_cannot_be_written_the_message_stays()
    {
        await using var h = await QueueHarness.StartAsync("orders");
        h.Sqs.Queue("orders").Send(S3Messages.Direct("acme", "in/a.csv"));
        Directory.CreateDirectory(Path.Combine(h.Engine.Paths.StateDirectory, "state.db"));

        await Assert.ThrowsAsync<FeedException>(() => h.TickAsync());

        Assert.Single(h.Sqs.Queue("orders").Messages);
        Assert.DoesNotContain(h.Sqs.Requests, r => r.Operation == "DeleteMessageBatch");
    }

    [Fact]
    public async Task A_queue_is_read_only_for_enabled_triggers_of_enabled_feeds()
    {
        await using var h = await QueueHarness.StartAsync("orders");
        h.Sqs.Queue("orders").Send(S3Messages.Direct("acme", "in/a.csv"));

        await h.Engine.Definitions.EditTriggerAsync("orders_queue", t => t with { Enabled = false });
        await h.TickAsync();
        await h.Engine.Definitions.EditTriggerAsync("orders_queue", t => t with { Enabled = true });
        await h.Engine.Definitions.EditFeedAsync("orders", f => f with { Enabled = false });
        await h.TickAsync();

        Assert.Empty(h.Sqs.Requests);
        Assert.Single(h.Sqs.Queue("orders").Messages);
    }

    [Fact]
    public async Task A_disabled_trigger_of_a_queue_that_is_read_keeps_its_objects()
    {
        await using var h = await QueueHarness.StartAsync("orders", "returns");
        await h.Engine.Definitions.EditTriggerAsync("returns_queue", t => t with { Enabled = false });
        h.Sqs.Queue("orders").Send(S3Messages.Direct("acme", "back/a.csv"));
        await h.TickAsync();
        Assert.Empty(h.Runs);

        await h.Engine.Definitions.EditTriggerAsync("returns_queue", t => t with { Enabled = true });
        await h.TickAsync();

        Assert.Equal("returns", Assert.Single(h.Runs));
    }

    [Fact]
    public async Task A_service_has_one_reader_for_each_queue_and_follows_the_definitions()
    {
        await using var h = await QueueHarness.StartAsync("orders", "returns");
        using var service = h.NewService();
        using var stop = new CancellationTokenSource();
        var serving = service.RunAsync(stop.Token);

        h.Sqs.Queue("orders").Send(S3Messages.Direct("acme", "in/a.csv"));
        await TestLimits.UntilAsync(() => Task.FromResult(h.Runs.Contains("orders")), "run");
        h.Sqs.Queue("orders").Send(S3Messages.Direct("acme", "back/a.csv"));
        await TestLimits.UntilAsync(() => Task.FromResult(h.Runs.Contains("returns")), "second run");
        await stop.CancelAsync();
        await serving;

        Assert.Single(h.Sqs.Requests, r => r.Operation == "ListQueueTags"); // one reader
        Assert.All(h.Sqs.Requests.Where(r => r.Operation == "ReceiveMessage"), r => Assert.Equal("20", r.Member("WaitTimeSeconds")));
    }

    [Fact]
    public async Task What_would_fire_names_the_triggers_of_queues_and_reads_nothing()
    {
        await using var h = await QueueHarness.StartAsync("orders", "returns");
        using var service = h.NewService();

        var due = await service.FindDueAsync(t => t.FeedName == "orders", default);

        Assert.Equal("orders_queue", Assert.Single(due).Name);
        Assert.Empty(h.Sqs.Requests);
    }

    [Theory]
    [InlineData("file:///tmp", false, "reads a folder")]
    [InlineData(null, true, "is anonymous")]
    public async Task A_queue_needs_a_connection_that_signs(string? endpoint, bool anonymous, string reason)
    {
        await using var h = await QueueHarness.StartAsync();
        await h.Engine.Definitions.AddAsync(S3Harness.Plain with { Name = "other", EndpointUrl = endpoint, Anonymous = anonymous, ForcePathStyle = false });
        await h.Engine.Definitions.EditFeedAsync("orders", f => f with { ConnectionName = "other" });

        var error = await Assert.ThrowsAsync<FeedException>(() => h.Engine.Definitions.AddAsync(h.Trigger("orders")));

        Assert.Equal("TriggerInvalid", error.Id);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fire_of_a_queue_is_recorded_like_a_request()
    {
        await using var h = await QueueHarness.StartAsync("orders");
        h.Sqs.Queue("orders").Send(S3Messages.Direct("acme", "in/a.csv"));

        await h.TickAsync();

        var fire = Assert.Single(await h.Engine.Fires.ListAsync(null).ToListAsync());
        Assert.Equal(("orders_queue", false, FireState.Ended), (fire.TriggerName, fire.Scheduled, fire.State));
    }
}
