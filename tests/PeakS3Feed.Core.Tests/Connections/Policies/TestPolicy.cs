using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Access;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Tests.Connections.Policies;

/// <summary>Connections, and the policies that are made for them without asking anybody.</summary>
internal static class TestPolicy
{
    /// <summary>A root path with everything that means something to JSON, a shell, HCL or a template, and is still allowed.</summary>
    public const string OddRoot = "in  coming/Ü日本😀+%{x}%%{y}/it's \"q\" \\b\\ `c` [d](e){{f}}/..&<>#!;|~^=,:@/";

    public static S3Connection Draft { get; } = new()
    {
        Name = "acme", Region = "eu-west-1", BucketName = "acme-data", RootPath = "incoming/", ExternalId = "ext-1",
        TrustedPrincipal = "arn:aws:iam::111122223333:user/platform",
    };

    public static S3Connection WithKey { get; } = Draft with { KmsKeyArn = "arn:aws:kms:eu-west-1:444455556666:key/1b2c" };

    public static Task<S3FeedPolicy> ConnectionAsync(S3Connection connection, AccessKey? key = null)
        => new PolicyFactory(key, NullLoggerFactory.Instance, TimeProvider.System).CreateAsync(connection, default);

    public static async Task<FeedException> FailAsync(string id, S3Connection connection, AccessKey? key = null)
    {
        var error = await Assert.ThrowsAsync<FeedException>(() => ConnectionAsync(connection, key));
        Assert.Equal(id, error.Id);
        return error;
    }
}
