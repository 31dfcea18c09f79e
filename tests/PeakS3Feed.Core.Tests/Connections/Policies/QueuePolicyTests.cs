using System.Text.Json;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Tests.Connections.Policies;

public sealed class QueuePolicyTests : IAsyncLifetime
{
    private const string Arn = "arn:aws:sqs:eu-west-1:123456789012:orders";

    private readonly TemporaryFolder _folder = new();
    private FeedEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _engine = new FeedEngine(StorePaths.Resolve(_folder["store"]));
        await _engine.Definitions.AddAsync(new S3Connection { Name = "acme", BucketName = "acme-landing", Region = "eu-west-1" });
        await AddAsync("orders", "in/orders/2026/");
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_reader_may_do_what_it_does_and_nothing_else()
    {
        var statement = Statement((await GetAsync()).PermissionPolicy);

        Assert.Equal(
            ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ListQueueTags", "sqs:TagQueue"],
            statement.GetProperty("Action").EnumerateArray().Select(a => a.GetString()!));
        Assert.Equal(Arn, statement.GetProperty("Resource").GetString());
    }

    [Fact]
    public async Task S3_may_send_the_events_of_one_bucket_of_one_account()
    {
        var statement = Statement((await GetAsync()).QueuePolicy!);

        Assert.Equal("s3.amazonaws.com", statement.GetProperty("Principal").GetProperty("Service").GetString());
        Assert.Equal(("sqs:SendMessage", Arn), (statement.GetProperty("Action").GetString(), statement.GetProperty("Resource").GetString()));
        var condition = statement.GetProperty("Condition");
        Assert.Equal("arn:aws:s3:::acme-landing", condition.GetProperty("ArnLike").GetProperty("aws:SourceArn").GetString());
        Assert.Equal("123456789012", condition.GetProperty("StringEquals").GetProperty("aws:SourceAccount").GetString());
    }

    [Theory]
    [InlineData(null, "in/orders/2026/")]
    [InlineData("in/orders/2025/", "in/orders/202")]
    [InlineData("in/", "in/")]
    [InlineData("/", null)]
    public async Task The_bucket_notifies_of_what_the_feeds_of_the_queue_take(string? other, string? prefix)
    {
        if (other is not null)
            await AddAsync("other", other);

        var notification = JsonDocument.Parse((await GetAsync()).BucketNotification!).RootElement.GetProperty("QueueConfigurations")[0];

        Assert.Equal(Arn, notification.GetProperty("QueueArn").GetString());
        Assert.Equal(["s3:ObjectCreated:*"], notification.GetProperty("Events").EnumerateArray().Select(e => e.GetString()!));
        Assert.Equal(prefix is not null, notification.TryGetProperty("Filter", out var filter));
        if (prefix is not null)
            Assert.Equal(prefix, filter.GetProperty("Key").GetProperty("FilterRules")[0].GetProperty("Value").GetString());
    }

    [Fact]
    public async Task A_prefix_that_a_filter_would_have_to_encode_ends_before()
    {
        await _engine.Definitions.EditFeedAsync("orders", f => f with { Path = "in/a b/" });

        Assert.Contains("\"in/a\"", (await GetAsync()).BucketNotification, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PolicyForm.Json, "\"queuePolicy\"", "\"bucketNotification\"")]
    [InlineData(PolicyForm.AwsCli, "aws sqs set-queue-attributes --queue-url 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders'", "put-bucket-notification-configuration --bucket acme-landing")]
    [InlineData(PolicyForm.CloudFormation, "AWS::SQS::QueuePolicy", "AWS::IAM::ManagedPolicy")]
    [InlineData(PolicyForm.Terraform, "resource \"aws_sqs_queue_policy\" \"peaks3feed_orders_queue\"", "resource \"aws_iam_policy\"")]
    public async Task Each_form_has_the_documents(PolicyForm form, string has, string also)
    {
        var text = (await GetAsync()).Render(form);

        Assert.Contains(has, text, StringComparison.Ordinal);
        Assert.Contains(also, text, StringComparison.Ordinal);
        if (form is PolicyForm.Json or PolicyForm.CloudFormation)
            JsonDocument.Parse(text).Dispose();
        foreach (var line in text.Split('\n').Where(l => l.StartsWith("aws sqs", StringComparison.Ordinal)))
        {
            using var attributes = JsonDocument.Parse(line.Split('\'')[3]);
            Assert.Equal(Arn, Statement(attributes.RootElement.GetProperty("Policy").GetString()!).GetProperty("Resource").GetString());
        }
    }

    [Fact]
    public async Task A_trigger_without_a_queue_needs_none_and_no_principal_can_be_chosen()
    {
        await _engine.Definitions.AddAsync(new S3FeedTrigger { Name = "hourly", FeedName = "orders", Kind = TriggerKind.Every, Every = TimeSpan.FromHours(1) });

        Assert.Equal("PolicyNotNeeded", await FailAsync("hourly", null));
        Assert.Equal("TriggerNotFound", await FailAsync("nobody", null));
        Assert.Equal("PrincipalUnusable", await FailAsync("orders_queue", "111122223333"));
    }

    private static JsonElement Statement(string document) => JsonDocument.Parse(document).RootElement.GetProperty("Statement")[0];

    private async Task AddAsync(string feed, string path)
    {
        await _engine.Definitions.AddAsync(new S3Feed { Name = feed, ConnectionName = "acme", Path = path });
        await _engine.Definitions.AddAsync(new S3FeedTrigger
        {
            Name = $"{feed}_queue", FeedName = feed, Kind = TriggerKind.Queue, Queue = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
        });
    }

    private Task<S3FeedPolicy> GetAsync() => _engine.PolicyAsync("orders_queue", PolicyPurpose.Queue, trustedPrincipal: null, accessKey: null, default);

    private async Task<string> FailAsync(string name, string? principal)
        => (await Assert.ThrowsAsync<FeedException>(() => _engine.PolicyAsync(name, PolicyPurpose.Queue, principal, accessKey: null, default))).Id;
}
