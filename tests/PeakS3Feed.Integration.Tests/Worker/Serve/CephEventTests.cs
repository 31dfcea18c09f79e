using System.Collections.Concurrent;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Feeds;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers;
using PeakS3Feed.TestServers.Sqs;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Integration.Worker.Serve;

/// <summary>
/// Events as a real S3 server pushes them: Ceph sends them to a server of this test, which puts each into a queue, and a serving worker loads the objects.
/// </summary>
public sealed class CephEventTests
{
    private static readonly string[] Names = ["a.csv", "b c+d%.csv", "ü 🍎.csv", "x/y&z=1.csv"];

    [SkippableFact]
    public async Task Real_events_load_their_objects()
    {
        using var ceph = await CephS3.OpenAsync();
        await using var sqs = await FakeSqs.StartAsync();
        sqs.Keys[CephS3.Customer.Id] = CephS3.Customer.Secret;
        var queue = sqs.Queue("landed");
        var bodies = new ConcurrentQueue<string>();
        await using var receiver = await LoopbackServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            bodies.Enqueue(body);
            queue.Send(body);
        });
        using var s3 = new AmazonS3Client(
            new BasicAWSCredentials(CephS3.Customer.Id, CephS3.Customer.Secret),
            new AmazonS3Config { ServiceURL = ceph.Url, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        var bucket = $"events-{Guid.NewGuid():N}";
        await s3.PutBucketAsync(bucket);
        await s3.PutBucketNotificationAsync(new PutBucketNotificationRequest
        {
            BucketName = bucket,
            TopicConfigurations = [new() { Id = "landed", Topic = await CreateTopicAsync(ceph.Url, receiver.Url), Events = [EventType.ObjectCreatedAll, new("s3:ObjectRemoved:*")] }],
        });
        await using var h = await ServeHarness.StartAsync(environment: new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AWS_ACCESS_KEY_ID"] = CephS3.Customer.Id, ["AWS_SECRET_ACCESS_KEY"] = CephS3.Customer.Secret,
        });
        await h.Engine.Definitions.AddAsync(new S3Connection
        {
            Name = "ceph", BucketName = bucket, Region = "us-east-1", EndpointUrl = ceph.Url, ForcePathStyle = true,
        });
        await h.Engine.Definitions.AddAsync(new S3Feed { Name = "landed", ConnectionName = "ceph", Path = "in/", Discovery = ObjectDiscovery.Events });
        sqs.Region = "us-east-1";
        await PutAsync("first.csv", 0);
        await h.Engine.Definitions.AddAsync(
            new S3FeedTrigger { Name = "landed_queue", FeedName = "landed", Kind = TriggerKind.Queue, Queue = sqs.UrlOf("landed") });
        await TestLimits.UntilAsync(() => CountAsync(1), "first row");

        for (var i = 0; i < Names.Length; i++)
            await PutAsync(Names[i], i + 1);
        await s3.DeleteObjectAsync(bucket, "in/first.csv");
        await TestLimits.UntilAsync(() => CountAsync(1 + Names.Length), "row of each object");
        await TestLimits.UntilAsync(() => queue.Messages.Count == 0 && bodies.Count >= Names.Length + 2, "end of the messages");

        var events = bodies.SelectMany(b => QueueMessage.TryRead(b) ?? throw new InvalidOperationException(b)).ToList();
        Assert.All(events, e => Assert.Equal(bucket, e.Bucket));
        Assert.Empty(
            Names.Append("first.csv").Select(n => "in/" + n).Except(events.Where(e => e.IsObjectCreated).Select(e => e.Key), StringComparer.Ordinal));
        Assert.Equal("in/first.csv", Assert.Single(events, e => !e.IsObjectCreated).Key);

        async Task PutAsync(string name, int id) => await s3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket, Key = "in/" + name, InputStream = new MemoryStream(Encoding.UTF8.GetBytes($"id\n{id}\n")), UseChunkEncoding = false,
        });

        async Task<bool> CountAsync(int rows)
            => (await h.Engine.History.ListAsync().Where(r => r.FeedName == "landed").ToListAsync()).Sum(r => r.RowsLoaded) == rows;
    }

    private static async Task<string> CreateTopicAsync(string url, string endpoint)
    {
        using var http = new HttpClient();
        var credentials = new StaticCredentials(new ImmutableCredentials(CephS3.Customer.Id, CephS3.Customer.Secret, null));
        var calls = new ServiceCalls(RetryBudget.Short, TimeProvider.System, NullLogger.Instance);
        var sns = new SignedServiceClient(ServiceEndpoint.Create("sns", "us-east-1", url), credentials, http, calls);
        var answer = await sns.CallQueryAsync(
            "CreateTopic", "2010-03-31",
            [
                new("Name", $"landed-{Guid.NewGuid():N}"), new("Attributes.entry.1.key", "push-endpoint"), new("Attributes.entry.1.value", endpoint),
            ],
            default);
        return answer.Descendants().First(e => e.Name.LocalName == "TopicArn").Value;
    }
}
