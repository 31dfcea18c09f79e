using System.Globalization;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Access;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Integration.S3;

/// <summary>
/// The Ceph Object Gateway of tests/servers: the customer's side (a bucket, uploads) and the platform's side (a connection
/// with the role). Each instance has a folder of its own under <c>incoming/</c>, which is all that the role may see.
/// </summary>
internal sealed class CephS3 : IDisposable
{
    public const string Bucket = "acme-data";
    public const string RoleArn = "arn:aws:iam:::role/ingest";

    private readonly AmazonS3Client _customer;

    private CephS3(string url)
    {
        Url = url;
        _customer = new AmazonS3Client(
            new BasicAWSCredentials(Customer.Id, Customer.Secret),
            new AmazonS3Config { ServiceURL = url, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
    }

    /// <summary>The user that the role trusts; it may do nothing else in the bucket.</summary>
    public static AccessKey Platform { get; } = new("PLATFORMACCESSKEY001", "platformSecretKey0000000000000000000001");

    /// <summary>The customer, who owns the buckets.</summary>
    public static AccessKey Customer { get; } = new("CUSTOMERACCESSKEY001", "customerSecretKey0000000000000000000001");

    /// <summary>The endpoint of S3 and STS.</summary>
    public string Url { get; }

    /// <summary>The folder of this test, ending in a slash.</summary>
    public string Folder { get; } = string.Create(CultureInfo.InvariantCulture, $"incoming/{Guid.NewGuid():N}/");

    /// <summary>Skips the test, by name, when the server is not there; otherwise makes the bucket.</summary>
    public static async Task<CephS3> OpenAsync()
    {
        var url = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_S3");
        Skip.If(string.IsNullOrEmpty(url), "PEAKS3FEED_TEST_S3 is not set: no S3 server to test against");
        var ceph = new CephS3(url!);
        await ceph._customer.PutBucketAsync(Bucket);
        return ceph;
    }

    /// <summary>A connection to this test's folder through the role.</summary>
    public S3Connection Connection => new()
    {
        Name = "ceph", BucketName = Bucket, RootPath = Folder, EndpointUrl = Url, ForcePathStyle = true, Region = "us-east-1", RoleArn = RoleArn, ExternalId = "ext-1",
    };

    /// <summary>Uploads one object as the customer, encrypted with a key that only the customer has or not, and gives its key.</summary>
    public async Task<string> PutAsync(string name, string content, string? folder = null, bool ownKey = false)
    {
        var key = (folder ?? Folder) + name;
        await _customer.PutObjectAsync(new PutObjectRequest
        {
            ServerSideEncryptionCustomerMethod = ownKey ? ServerSideEncryptionCustomerMethod.AES256 : null,
            ServerSideEncryptionCustomerProvidedKey = ownKey ? Convert.ToBase64String(new byte[32]) : null,
            BucketName = Bucket,
            Key = key,
            InputStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
            UseChunkEncoding = false, // this gateway refuses signed chunks
        });
        return key;
    }

    /// <summary>Deletes one object as the customer.</summary>
    public Task DeleteAsync(string key) => _customer.DeleteObjectAsync(Bucket, key);

    /// <summary>A source as the platform opens it.</summary>
    public IObjectSource Source(S3Connection? connection = null)
        => SourceFactory.Open(connection ?? Connection, new SourceIdentity("orders", Guid.NewGuid()), Platform, NullLoggerFactory.Instance, TimeProvider.System);

    /// <summary>The checks of a connection's test.</summary>
    public static async Task<List<ConnectionCheck>> TestAsync(S3Connection connection, AccessKey? key = null)
    {
        var checks = new List<ConnectionCheck>();
        await foreach (var check in ConnectionTest.RunAsync(connection, key ?? Platform, NullLoggerFactory.Instance, TimeProvider.System, default))
            checks.Add(check);
        return checks;
    }

    public void Dispose() => _customer.Dispose();
}
