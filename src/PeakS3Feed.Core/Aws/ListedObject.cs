namespace PeakS3Feed.Aws;

/// <summary>What a listing says of one object.</summary>
/// <param name="Key">The key, decoded.</param>
/// <param name="ETag">The entity tag without its quotes.</param>
/// <param name="Size">Bytes as stored.</param>
/// <param name="LastModified">When this version was written.</param>
/// <param name="IsStoredAway">
/// Whether its storage class is an archive. Intelligent-Tiering's archive tiers cannot be seen in a listing: those show at the read.
/// </param>
/// <param name="RestoredUntil">Until when it can be read all the same, or null.</param>
internal readonly record struct ListedObject(string Key, string ETag, long Size, DateTimeOffset LastModified, bool IsStoredAway, DateTimeOffset? RestoredUntil)
{
    /// <summary>Whether the object cannot be read until it is restored.</summary>
    public bool IsArchived(DateTimeOffset now) => IsStoredAway && !(RestoredUntil > now);
}
