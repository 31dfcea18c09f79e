using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.TestServers.Sqs;
using PeakS3Feed.Tests.Sources;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Tests.Serving;

/// <summary>What a person learns about a queue: its problems, and when a message last arrived.</summary>
public class QueueProblemTests
{
    [Fact]
    public async Task A_message_that_cannot_be_read_stays_and_is_reported_once()
    {
        await using var h = await QueueHarness.StartAsync("orders");
        var queue = h.Sqs.Queue("orders");
        (queue.VisibilityTimeout, queue.MaxReceiveCount) = (TimeSpan.Zero, 3);
        var id = queue.Send("""{"hello":"secret"}""");
        queue.Send(S3Messages.Direct("acme", "in/a.csv"));

        for (var i = 0; i < 5; i++)
            await h.TickAsync();

        Assert.Equal(id, Assert.Single(queue.Dead).Id); // by the redrive policy
        Assert.Empty(queue.Messages);
        Assert.Equal(1, await h.CountAsync("orders"));
        var warning = Assert.Single(h.Log.Lines, l => l.Contains(id, StringComparison.Ordinal));
        Assert.DoesNotContain("secret", warning, StringComparison.Ordinal);
        var problem = Assert.Single(await h.Engine.QueueProblems.ListAsync(default));
        Assert.Equal((QueueProblemKind.Message, id, "QueueMessageUnreadable"), (problem.Kind, problem.Subject, problem.Id));

        h.Time.Advance(QueueProblemLog.ShownFor + TimeSpan.FromSeconds(1));
        Assert.Empty(await h.Engine.QueueProblems.ListAsync(default));
    }

    [Theory]
    [InlineData("denied", "QueueDenied", "sqs:ReceiveMessage", "Get-S3FeedPolicy -Name orders_queue -For Queue", "peaks3feed policy orders_queue --for Queue")]
    [InlineData("missing", "QueueNotFound", "does not exist", "Set-S3FeedTrigger -Name orders_queue -Queue '<URL>'", "peaks3feed set orders_queue queue='<URL>'")]
    [InlineData("unknown key", "QueueDenied", "does not accept the credentials of the connection acme", "Test-S3Connection -Name acme", "peaks3feed test acme")]
    [InlineData("wrong region", "QueueDenied", "InvalidSignatureException", "Test-S3Connection -Name acme", "peaks3feed test acme")]
    public async Task A_queue_that_cannot_be_read_is_reported_once_until_it_can(string fault, string id, string text, string cmdlet, string shell)
    {
        await using var h = await QueueHarness.StartAsync("orders");
        if (fault == "denied")
            h.Sqs.Denied["ReceiveMessage"] = true;
        else if (fault == "missing")
            await h.Engine.Definitions.EditTriggerAsync("orders_queue", t => t with { Queue = h.Sqs.UrlOf("missing") });
        else if (fault == "unknown key")
            h.Sqs.Keys.Clear();
        else
            h.Sqs.Region = "us-east-1";

        await h.TickAsync();
        await h.TickAsync();

        var problem = Assert.Single(await h.Engine.QueueProblems.ListAsync(default));
        Assert.Equal((QueueProblemKind.Queue, "QueueUnreadable"), (problem.Kind, problem.Id));
        Assert.Contains(text, problem.Message, StringComparison.Ordinal);
        Assert.NotNull(problem.Hint);
        Assert.Equal(new Remedy(cmdlet, shell), Assert.Single(problem.Remedies));
        Assert.Single(h.Log.Lines, l => l.Contains(problem.Message, StringComparison.Ordinal));
        using var reader = new PeakS3Feed.Serving.Queues.QueueReader(problem.Queue, h.Engine, h.Log);
        Assert.Equal(id, (await Assert.ThrowsAsync<FeedException>(() => reader.ReadAsync(TimeSpan.Zero, default))).Id);

        h.Sqs.Denied.Clear();
        h.Sqs.Queue("missing");
        h.Sqs.Keys[S3Harness.Key.Id] = S3Harness.Key.Secret;
        h.Sqs.Region = "eu-west-1";
        await h.TickAsync();
        Assert.Empty(await h.Engine.QueueProblems.ListAsync(default));
    }

    [Fact]
    public async Task A_denied_deletion_is_reported_and_nothing_is_lost()
    {
        await using var h = await QueueHarness.StartAsync("orders");
        h.Sqs.Denied["DeleteMessageBatch"] = true;
        h.Sqs.Queue("orders").Send(S3Messages.Direct("acme", "in/a.csv"));

        await h.TickAsync();

        Assert.Single(h.Runs);
        Assert.Contains("sqs:DeleteMessageBatch", Assert.Single(await h.Engine.QueueProblems.ListAsync(default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_store_on_a_queue_is_warned_about()
    {
        await using var h = await QueueHarness.StartAsync("orders");
        await h.TickAsync();
        var other = await h.AnotherStoreAsync();

        await h.TickAsync(other);
        await h.TickAsync(other);

        Assert.Empty(await h.Engine.QueueProblems.ListAsync(default));
        var problem = Assert.Single(await other.QueueProblems.ListAsync(default));
        Assert.Equal((QueueProblemKind.OtherStore, "QueueShared"), (problem.Kind, problem.Id));
        Assert.Equal(["Set-S3FeedTrigger -Name orders_queue -Queue '<URL>'"], problem.Remedies.Select(r => r.Cmdlet));
        Assert.Single(h.Log.Lines, l => l.Contains("Another store also reads the queue orders", StringComparison.Ordinal));

        // The first store is gone.
        h.Time.Advance(TimeSpan.FromDays(1));
        await h.TickAsync(other);
        Assert.Empty(await other.QueueProblems.ListAsync(default));
    }

    [Fact]
    public async Task When_a_message_last_arrived_is_known_for_each_trigger_of_the_queue()
    {
        await using var h = await QueueHarness.StartAsync("orders", "returns");
        await h.Engine.Definitions.AddAsync(h.Trigger("orders") with { Name = "elsewhere", Queue = h.Sqs.UrlOf("other") });
        await h.Engine.Definitions.AddAsync(new S3FeedTrigger { Name = "hourly", FeedName = "orders", Kind = TriggerKind.Every, Every = TimeSpan.FromHours(1) });
        Assert.Equal([null, null, null], await ListAsync());

        h.Sqs.Queue("orders").Send("hello");
        await h.TickAsync();
        Assert.Equal([null, null, null], await ListAsync()); // a message that cannot be read comes again and again

        h.Sqs.Queue("orders").Send(S3Messages.Direct("acme", "in/a.csv"));
        await h.TickAsync();
        var at = h.Time.GetUtcNow();
        Assert.Equal([at, null, at], await ListAsync());

        h.Time.Advance(TimeSpan.FromHours(1));
        await h.TickAsync();
        Assert.Equal([at, null, at], await ListAsync());
        h.Sqs.Queue("orders").Send(S3Messages.Direct("acme", "elsewhere.csv"));
        await h.TickAsync();
        Assert.Equal([h.Time.GetUtcNow(), null, h.Time.GetUtcNow()], await ListAsync());

        // Of orders_queue, elsewhere and returns_queue. The schedule has no queue.
        async Task<IReadOnlyList<DateTimeOffset?>> ListAsync()
        {
            var definitions = await h.Engine.Store.ReadAsync(default);
            var states = await h.Engine.ListQueueStatesAsync(definitions, default);
            Assert.Equal(3, states.Count);
            return [.. new[] { "orders_queue", "elsewhere", "returns_queue" }.Select(t => states[definitions.GetTrigger(t).Id].LastMessageAt)];
        }
    }

    [Fact]
    public async Task A_policy_need_not_allow_tags()
    {
        await using var h = await QueueHarness.StartAsync("orders");
        h.Sqs.Denied["ListQueueTags"] = true;
        h.Sqs.Queue("orders").Send(S3Messages.Direct("acme", "in/a.csv"));

        await h.TickAsync();

        Assert.Single(h.Runs);
        Assert.Empty(await h.Engine.QueueProblems.ListAsync(default));
    }
}
