using PeakS3Feed.TestServers.Sqs;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Tests.Triggers;

public class QueueMessageTests
{
    private const string Key = "in/2026 ü/a+b%20c.csv";

    public static TheoryData<string, string> Ways => new()
    {
        { "directly", S3Messages.Direct("acme", Key) },
        { "through SNS", S3Messages.InEnvelope(S3Messages.Direct("acme", Key)) },
        { "through EventBridge", S3Messages.Bridged("acme", Key) },
        { "through EventBridge and SNS", S3Messages.InEnvelope(S3Messages.Bridged("acme", Key)) },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_created_object_is_read_whatever_way_its_event_takes(string way, string body)
    {
        var read = Assert.Single(QueueMessage.TryRead(body) ?? throw new InvalidOperationException(way));

        Assert.Equal(("acme", Key, true), (read.Bucket, read.Key, read.IsObjectCreated));
        Assert.NotNull(read.Sequencer);
        Assert.NotNull(read.VersionId);
    }

    [Theory]
    [InlineData("a+b.csv", "a b.csv")]
    [InlineData("a%2Bb.csv", "a+b.csv")]
    [InlineData("in/%C3%BC%20%F0%9F%8D%8E.csv", "in/ü 🍎.csv")]
    [InlineData("100%25.csv", "100%.csv")]
    public void S3_encodes_keys_like_fields_of_a_form(string sent, string key)
        => Assert.Equal(key, Assert.Single(QueueMessage.TryRead(
            """{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"KEY"}}}]}""".Replace("KEY", sent, StringComparison.Ordinal))!).Key);

    // A message of Ceph 16.2.15, without the parts that are not read.
    [Fact]
    public void Of_another_server_both_readings_of_a_key_count_and_no_sequencer()
    {
        var read = QueueMessage.TryRead("""
            {"Records":[{"eventVersion":"2.2","eventSource":"ceph:s3","awsRegion":"","eventTime":"2026-11-30T09:05:05.499957Z","eventName":"ObjectCreated:Put",
            "s3":{"s3SchemaVersion":"1.0","configurationId":"landed","bucket":{"name":"b","arn":"arn:aws:s3:::b"},
            "object":{"key":"in/b c+d%.csv","size":5,"eTag":"32b03f9245f83143499c9adb83d6a2e0","versionId":"","sequencer":"413C0D6B1453F31D"}},
            "eventId":"1796029505.502485.32b03f9245f83143499c9adb83d6a2e0","opaqueData":""}]}
            """)!;

        Assert.Equal(["in/b c d%.csv", "in/b c+d%.csv"], read.Select(e => e.Key));
        Assert.All(read, e => Assert.Null(e.Sequencer));
    }

    [Fact]
    public void EventBridge_does_not_encode_keys() => Assert.Equal("a+b%20c", Assert.Single(QueueMessage.TryRead(S3Messages.Bridged("b", "a+b%20c"))!).Key);

    [Theory]
    [InlineData("ObjectCreated:Put", true)]
    [InlineData("ObjectCreated:CompleteMultipartUpload", true)]
    [InlineData("s3:ObjectCreated:Copy", true)]
    [InlineData("ObjectRemoved:Delete", false)]
    [InlineData("LifecycleExpiration:Delete", false)]
    [InlineData("ObjectRestore:Completed", false)]
    public void Only_a_created_object_is_announced(string kind, bool announces)
        => Assert.Equal(announces, Assert.Single(QueueMessage.TryRead(S3Messages.Direct("b", "k", kind))!).IsObjectCreated);

    [Fact]
    public void A_deleted_object_of_EventBridge_is_not_announced()
        => Assert.False(Assert.Single(QueueMessage.TryRead(S3Messages.Bridged("b", "k", "Object Deleted"))!).IsObjectCreated);

    [Fact]
    public void A_message_may_have_several_records()
        => Assert.Equal(["a", "b", "c"], QueueMessage.TryRead(S3Messages.Direct("b", ["a", "b", "c"]))!.Select(e => e.Key));

    [Fact]
    public void A_test_event_has_no_object() => Assert.Empty(QueueMessage.TryRead(S3Messages.Test("b"))!);

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Records":7}""")]
    [InlineData("""{"Records":[{}]}""")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":""}}}]}""")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"\ud800"}}}]}""")]
    [InlineData("""{"source":"aws.ec2","detail-type":"Object Created","detail":{"bucket":{"name":"b"},"object":{"key":"k"}}}""")]
    [InlineData("""{"Type":"SubscriptionConfirmation","Message":"You have chosen to subscribe"}""")]
    public void Any_other_message_is_not_readable(string body) => Assert.Null(QueueMessage.TryRead(body));

    [Fact]
    public void A_message_with_one_unreadable_record_is_not_readable()
        => Assert.Null(QueueMessage.TryRead("""
            {"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}},{"eventName":"ObjectCreated:Put"}]}
            """));

    [Fact]
    public void An_envelope_in_an_envelope_is_not_readable()
        => Assert.Null(QueueMessage.TryRead(S3Messages.InEnvelope(S3Messages.InEnvelope(S3Messages.Direct("b", "k")))));

    [Theory]
    [InlineData("0055", "0055", true)]
    [InlineData("0054", "0055", true)]
    [InlineData("0056", "0055", false)]
    [InlineData("00aB", "00AB", true)]
    [InlineData("55", "0055", false)]
    [InlineData("00", "1", false)]
    [InlineData(null, "0055", false)]
    [InlineData("0055", null, false)]
    public void An_event_is_known_only_if_it_is_certainly_not_later(string? given, string? recorded, bool isKnown)
        => Assert.Equal(isKnown, Sequencer.IsKnown(given, recorded));

    [Theory]
    [InlineData("https://sqs.eu-west-1.amazonaws.com/123456789012/orders", "eu-west-1")]
    [InlineData("https://sqs.cn-north-1.amazonaws.com.cn/123456789012/orders", "cn-north-1")]
    [InlineData("https://vpce-0a1b.sqs.us-east-2.vpce.amazonaws.com/123456789012/orders", "us-east-2")]
    [InlineData("https://sqs-fips.us-gov-west-1.amazonaws.com/123456789012/orders", "us-gov-west-1")]
    [InlineData("https://us-west-2.queue.amazonaws.com/123456789012/orders", "us-west-2")]
    [InlineData("http://localhost:4566/000000000000/orders", null)]
    public void The_region_of_a_queue_is_in_its_host_name(string url, string? region)
    {
        Assert.Equal(region, QueueAddress.FindRegion(url));
        Assert.Null(QueueAddress.Check("Queue", url));
        Assert.Equal("orders", QueueAddress.GetName(url).Name);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("arn:aws:sqs:eu-west-1:123456789012:orders")]
    [InlineData("https://sqs.eu-west-1.amazonaws.com/orders")]
    [InlineData("https://sqs.eu-west-1.amazonaws.com/123456789012/orders?Action=X")]
    [InlineData("https://user:pass@sqs.eu-west-1.amazonaws.com/123456789012/orders")]
    [InlineData("http://sqs.eu-west-1.amazonaws.com/123456789012/orders")]
    public void Another_text_is_not_the_URL_of_a_queue(string url) => Assert.NotNull(QueueAddress.Check("Queue", url));
}
