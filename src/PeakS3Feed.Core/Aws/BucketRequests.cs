using Amazon.S3;
using Amazon.S3.Model;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Aws;

/// <summary>Creates the requests to a connection's bucket that several classes make.</summary>
internal sealed class BucketRequests(S3Connection connection)
{
    public static RequestPayer? GetPayer(S3Connection connection) => connection.RequesterPays ? RequestPayer.Requester : null;

    public ListObjectsV2Request List(
        string prefix, int? maxKeys = null, string? continuationToken = null, string? after = null, string? delimiter = null) => new()
    {
        Delimiter = delimiter,
        StartAfter = after,
        BucketName = connection.BucketName,
        Prefix = prefix,
        MaxKeys = maxKeys,
        ContinuationToken = continuationToken,
        Encoding = EncodingType.Url, // keys may contain characters that XML does not allow
        OptionalObjectAttributes = ["RestoreStatus"],
        RequestPayer = GetPayer(connection),
    };

    /// <summary>Creates the request for the first byte of an object's current version. An empty object is requested as a whole.</summary>
    public GetObjectRequest FirstByte(string key, long size) => new()
    {
        BucketName = connection.BucketName,
        Key = key,
        ByteRange = size > 0 ? new ByteRange(0, 0) : null, // an empty object has no first byte
        RequestPayer = GetPayer(connection),
    };
}
