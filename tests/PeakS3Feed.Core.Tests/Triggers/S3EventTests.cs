using System.Text;
using PeakS3Feed.Triggers.Webhooks;

namespace PeakS3Feed.Tests.Triggers;

public class S3EventTests
{
    [Fact]
    public void An_event_of_EventBridge_is_read()
    {
        var read = Read("""
            {"version": "0", "id": "17793124-05d4", "detail-type": "Object Created", "source": "aws.s3", "account": "111122223333",
             "detail": {"bucket": {"name": "landing"}, "object": {"key": "orders/2025 ü.csv", "size": 5}, "reason": "PutObject"}}
            """);
        Assert.Equal(new S3Event("17793124-05d4", "Object Created", "landing", "orders/2025 ü.csv"), read);
        Assert.True(read!.IsObjectCreated);
    }

    [Fact]
    public void Another_kind_of_event_is_told_apart()
        => Assert.False(Read("""{"detail-type": "Object Deleted", "source": "aws.s3", "detail": {"bucket": {"name": "b"}, "object": {"key": "k"}}}""")!.IsObjectCreated);

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("[1, 2]")]
    [InlineData("\"aws.s3\"")]
    [InlineData("""{"source": "aws.ec2", "detail-type": "Object Created", "detail": {"bucket": {"name": "b"}, "object": {"key": "k"}}}""")]
    [InlineData("""{"source": "aws.s3", "detail-type": "Object Created", "detail": {"bucket": "b", "object": {"key": "k"}}}""")]
    [InlineData("""{"source": "aws.s3", "detail-type": "Object Created", "detail": {"bucket": {"name": "b"}, "object": {"key": 7}}}""")]
    [InlineData("""{"source": "aws.s3", "detail-type": "Object Created", "detail": {"bucket": {"name": "b"}, "object": {"key": "\ud800"}}}""")]
    public void Anything_else_is_no_event(string body) => Assert.Null(Read(body));

    private static S3Event? Read(string body) => S3Event.TryRead(Encoding.UTF8.GetBytes(body));
}
