using System.Net;
using Amazon.S3.Model;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Sources;

/// <summary>The GET requests of a source, and the checks of their responses.</summary>
internal sealed class S3Requests(S3Connection connection)
{
    /// <summary>Creates a request for bytes of the listed version.</summary>
    /// <param name="source">The version.</param>
    /// <param name="from">The first byte.</param>
    /// <param name="end">The byte after the last one.</param>
    public GetObjectRequest Get(SourceObject source, long from, long end) => new()
    {
        BucketName = source.Bucket,
        Key = source.Key,
        EtagToMatch = $"\"{source.ETag}\"",
        ByteRange = from == 0 && end == source.Size ? null : new ByteRange(from, end - 1),
        RequestPayer = BucketRequests.GetPayer(connection),
    };

    /// <summary>Converts a listed object.</summary>
    public SourceObject Read(ListedObject listed, DateTimeOffset now)
        => new(connection.BucketName, listed.Key, listed.ETag, listed.Size, listed.LastModified, listed.IsArchived(now));

    /// <summary>
    /// Returns the error in a response of a proxy or another server that does not behave like S3, or null. A body that is too short is not an error
    /// here, because the stream reads the rest.
    /// </summary>
    public static Exception? FindError(GetObjectResponse response, SourceObject source, long from, long end)
    {
        if (response.ETag is { Length: > 0 } etag && !string.Equals(etag.Trim('"'), source.ETag, StringComparison.Ordinal))
            return SourceErrors.Changed(source);
        if ((from > 0 || end < source.Size) && response.HttpStatusCode != HttpStatusCode.PartialContent)
            return SourceErrors.RangeIgnored(source);
        return response.ContentLength > end - from ? SourceErrors.Changed(source) : null;
    }
}
