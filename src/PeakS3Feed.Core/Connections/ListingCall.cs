using Amazon.S3;
using Amazon.S3.Model;

namespace PeakS3Feed.Connections;

/// <summary>The listing, with a look at whether it is one.</summary>
internal static class ListingCall
{
    /// <summary>
    /// One page. To the SDK any well-formed XML is a listing, a sign-in page of the network among them: one without objects,
    /// after which a feed would think that its folder is empty.
    /// </summary>
    public static async Task<ListObjectsV2Response> ListPageAsync(this IAmazonS3 s3, ListObjectsV2Request request, CancellationToken cancellationToken)
    {
        var page = await s3.ListObjectsV2Async(request, cancellationToken);
        return page.Name is { Length: > 0 } ? page : throw new StrangeAnswerException();
    }
}
