using Amazon.Runtime;

namespace PeakS3Feed.Aws;

/// <summary>One page of a bucket's listing.</summary>
internal sealed class ListingPage : AmazonWebServiceResponse
{
    /// <summary>The objects, in the order of their keys.</summary>
    public IReadOnlyList<ListedObject> Objects { get; init; } = [];

    /// <summary>The folders, where the request rolls up what lies below them.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>The token of the page that follows, or null after the last one.</summary>
    public string? Next { get; init; }
}
