using System.Text.Json.Nodes;

namespace PeakS3Feed.TestServers.Sqs;

/// <summary>Messages about objects, as AWS writes them.</summary>
public static class S3Messages
{
    /// <summary>An event notification of S3.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key, not encoded.</param>
    /// <param name="kind">The event's name.</param>
    /// <param name="sequencer">The sequencer, or null.</param>
    public static string Direct(string bucket, string key, string kind = "ObjectCreated:Put", string? sequencer = "0055AED6DCD90281E5")
        => new JsonObject { ["Records"] = new JsonArray(Record(bucket, key, kind, sequencer)) }.ToJsonString();

    /// <summary>An event notification with several records.</summary>
    public static string Direct(string bucket, IEnumerable<string> keys)
        => new JsonObject { ["Records"] = new JsonArray([.. keys.Select(k => Record(bucket, k, "ObjectCreated:Put", "0055AED6DCD90281E5"))]) }.ToJsonString();

    /// <summary>A message through SNS, in its envelope.</summary>
    public static string InEnvelope(string message) => new JsonObject
    {
        ["Type"] = "Notification",
        ["MessageId"] = "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        ["TopicArn"] = "arn:aws:sns:eu-west-1:123456789012:orders",
        ["Subject"] = "Amazon S3 Notification",
        ["Message"] = message,
        ["Timestamp"] = "2026-11-30T07:00:00.000Z",
        ["SignatureVersion"] = "1",
        ["Signature"] = "EXAMPLE",
        ["SigningCertURL"] = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService.pem",
        ["UnsubscribeURL"] = "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe",
    }.ToJsonString();

    /// <summary>An event of EventBridge. It does not encode the key.</summary>
    public static string Bridged(string bucket, string key, string kind = "Object Created") => new JsonObject
    {
        ["version"] = "0",
        ["id"] = "17793124-05d4-b198-2fde-7ededc63b103",
        ["detail-type"] = kind,
        ["source"] = "aws.s3",
        ["account"] = "123456789012",
        ["time"] = "2026-11-30T07:00:00Z",
        ["region"] = "eu-west-1",
        ["resources"] = new JsonArray($"arn:aws:s3:::{bucket}"),
        ["detail"] = new JsonObject
        {
            ["version"] = "0",
            ["bucket"] = new JsonObject { ["name"] = bucket },
            ["object"] = new JsonObject
            {
                ["key"] = key, ["size"] = 5, ["etag"] = "b1946ac92492d2347c6235b4d2611184", ["version-id"] = "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
                ["sequencer"] = "617f08299329d189",
            },
            ["request-id"] = "N4N7GDK58NMKJ12R",
            ["requester"] = "123456789012",
            ["source-ip-address"] = "192.0.2.1",
            ["reason"] = "PutObject",
        },
    }.ToJsonString();

    /// <summary>The message that S3 sends when a notification is configured.</summary>
    public static string Test(string bucket) => new JsonObject
    {
        ["Service"] = "Amazon S3", ["Event"] = "s3:TestEvent", ["Time"] = "2026-11-30T07:00:00.000Z", ["Bucket"] = bucket, ["RequestId"] = "5582815E1AEA5ADF",
        ["HostId"] = "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE",
    }.ToJsonString();

    private static JsonNode Record(string bucket, string key, string kind, string? sequencer) => new JsonObject
    {
        ["eventVersion"] = "2.1",
        ["eventSource"] = "aws:s3",
        ["awsRegion"] = "eu-west-1",
        ["eventTime"] = "2026-11-30T07:00:00.000Z",
        ["eventName"] = kind,
        ["s3"] = new JsonObject
        {
            ["s3SchemaVersion"] = "1.0",
            ["configurationId"] = "peaks3feed",
            ["bucket"] = new JsonObject { ["name"] = bucket, ["arn"] = $"arn:aws:s3:::{bucket}" },
            ["object"] = new JsonObject
            {
                ["key"] = Encode(key), ["size"] = 5, ["eTag"] = "b1946ac92492d2347c6235b4d2611184", ["versionId"] = "096fKKXTRTtl3on89fVO.nfljtsv6qko",
                ["sequencer"] = sequencer,
            },
        },
    };

    // S3 encodes keys like the fields of a form, except slashes.
    private static string Encode(string key) => Uri.EscapeDataString(key).Replace("%20", "+", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal);
}
