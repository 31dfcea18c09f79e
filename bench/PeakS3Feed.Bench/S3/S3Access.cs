using Amazon.Runtime;
using Amazon.S3;

namespace PeakS3Feed.Bench.S3;

/// <summary>Creates the SDK's client as an experienced user would: without a second computation of checksums in responses.</summary>
internal static class S3Access
{
    // A user of the tests' Ceph that may create buckets. The fake server accepts any user.
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
