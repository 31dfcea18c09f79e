using Amazon.Runtime;

namespace PeakS3Feed.Aws;

/// <summary>One object of a listing.</summary>
/// <param name="Key">The key, decoded.</param>
/// <param name="ETag">The entity tag without its quotes.</param>
/// <param name="Size">The stored size in bytes.</param>
/// <param name="LastModified">When this version was written.</param>
/// <param name="IsInArchiveClass">Whether its storage class is an archive. The archive tiers of Intelligent-Tiering are detected only at the
/// read.</param>
/// <param name="RestoredUntil">The end of its restored copy, or null.</param>
internal readonly record struct ListedObject(string Key, string ETag, long Size, DateTimeOffset LastModified, bool IsInArchiveClass,
    DateTimeOffset? RestoredUntil)
{
    /// <summary>Returns whether the object cannot be read until it is restored.</summary>
    public bool IsArchived(DateTimeOffset now) => IsInArchiveClass && !(RestoredUntil > now);
}

/// <summary>One page of a bucket's listing.</summary>
internal sealed class ListingPage : AmazonWebServiceResponse
{
    private IReadOnlyList<ListedObject>? _objects;

    /// <summary>The objects as they came, in little memory.</summary>
    public PackedObjects Packed { get; init; } = PackedObjects.None;

    /// <summary>The objects, in the order of their keys.</summary>
    public IReadOnlyList<ListedObject> Objects => _objects ??= [.. Packed.Read()];

    /// <summary>The folders, if the request has a delimiter.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>The token of the next page, or null after the last one.</summary>
    public string? Next { get; init; }
}
