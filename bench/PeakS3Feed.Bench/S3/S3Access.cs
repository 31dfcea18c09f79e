using Amazon.Runtime;
using Amazon.S3;

namespace PeakS3Feed.Bench.S3;

/// <summary>The SDK's client as somebody would make it who knows its trap: a checksum in an answer is not computed again.</summary>
internal static class S3Access
{
    // The user of the tests' Ceph who may make buckets; the fake server takes any.
    public const string KeyId = "CUSTOMERACCESSKEY001";
    public const string Secret = "customerSecretKey0000000000000000000001";

    public static AmazonS3Client Client(string url) => new(
        new BasicAWSCredentials(KeyId, Secret),
        new AmazonS3Config
        {
            ServiceURL = url,
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });
}
