using System.Net.Http.Json;
using System.Text.Json;
using PeakS3Feed.Connections;
using PeakS3Feed.Feeds;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.TestServers.Sqs;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Integration.Worker.Serve;

/// <summary>A serving worker whose trigger has a queue.</summary>
public sealed class QueueServeTests
{
    [Fact]
    public async Task A_message_loads_its_object_and_one_that_cannot_be_read_is_a_warning_of_the_health()
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var sqs = await FakeSqs.StartAsync();
        sqs.Keys["AKIAFAKE"] = "hushhush";
        await using var h = await ServeHarness.StartAsync(
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["AWS_ACCESS_KEY_ID"] = "AKIAFAKE", ["AWS_SECRET_ACCESS_KEY"] = "hushhush" });
        s3.Put("acme", "in/a.csv", "id\n1\n"u8.ToArray());
        await h.Engine.Definitions.AddAsync(new S3Connection
        {
            Name = "acme", BucketName = "acme", Region = "eu-west-1", EndpointUrl = s3.Url, StsEndpointUrl = s3.Url, ForcePathStyle = true,
        });
        await h.Engine.Definitions.AddAsync(new S3Feed { Name = "landed", ConnectionName = "acme", Path = "in/" });
        var queue = sqs.Queue("landed");
        await h.Engine.Definitions.AddAsync(
            new S3FeedTrigger { Name = "landed_queue", FeedName = "landed", Kind = TriggerKind.Queue, Queue = sqs.UrlOf("landed") });

        queue.Send(S3Messages.Direct("acme", "in/a.csv"));
        await TestLimits.UntilAsync(() => h.Engine.History.ListAsync().AnyAsync(r => r.FeedName == "landed" && r.RowsLoaded == 1).AsTask(), "run");
        Assert.False((await HealthAsync()).TryGetProperty("warning", out _));
        Assert.Empty(queue.Messages);

        queue.Send("hello");
        await TestLimits.UntilAsync(async () => (await HealthAsync()).TryGetProperty("warning", out _), "warning");
        var health = await HealthAsync();
        Assert.Equal(("healthy", "QueueMessageUnreadable"), (health.GetProperty("status").GetString(), health.GetProperty("warning").GetString()));
        Assert.Single(queue.Messages);

        // What the server of the queue writes is text on the page, and nothing else.
        sqs.Denied["ReceiveMessage"] = true;
        sqs.User = "<script>alert(1)</script>";
        queue.Send(S3Messages.Direct("acme", "elsewhere.csv")); // ends the wait of the request that is under way
        await TestLimits.UntilAsync(async () => (await h.Client.GetStringAsync("/")).Contains("<p class=\"error\">", StringComparison.Ordinal), "problem");
        var page = await h.Client.GetStringAsync("/");
        Assert.All(
            [
                "When the queue landed announces an object.", "Last message: ", " of the queue landed is not an event of S3. It stays in the queue.",
                "Read and delete it in the SQS console", "may not read the queue landed", "Allow sqs:ReceiveMessage and sqs:DeleteMessage on the queue",
                $"<pre>peaks3feed --store {h.Engine.Paths.ConfigDirectory} policy landed_queue --for Queue</pre>", "&lt;script&gt;alert(1)",
            ],
            text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("QueueMessageUnreadable", (await HealthAsync()).GetProperty("warning").GetString()); // the first one

        Task<JsonElement> HealthAsync() => h.Client.GetFromJsonAsync<JsonElement>("/health");
    }
}
