using Amazon.S3;
using Amazon.S3.Model;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Aws;

/// <summary>The requests to a connection's bucket that several callers make.</summary>
internal sealed class BucketRequests(S3Connection connection)
{
    public static RequestPayer? PayerOf(S3Connection connection) => connection.RequesterPays ? RequestPayer.Requester : null;

    public ListObjectsV2Request List(string prefix, int? maxKeys = null, string? continuationToken = null, string? after = null, string? delimiter = null) => new()
    {
        Delimiter = delimiter,
        StartAfter = after,
        BucketName = connection.BucketName,
        Prefix = prefix,
        MaxKeys = maxKeys,
        ContinuationToken = continuationToken,
        Encoding = EncodingType.Url, // keys may hold characters that XML cannot
        OptionalObjectAttributes = ["RestoreStatus"],
        RequestPayer = PayerOf(connection),
    };

    /// <summary>The first byte of an object's current version; an empty object has none, and is read whole.</summary>
    public GetObjectRequest FirstByte(string key, long size) => new()
    {
        BucketName = connection.BucketName,
        Key = key,
        ByteRange = size > 0 ? new ByteRange(0, 0) : null, // nothing is the first byte of an empty object
        RequestPayer = PayerOf(connection),
    };
}
