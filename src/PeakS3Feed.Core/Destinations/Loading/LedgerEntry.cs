namespace PeakS3Feed.Destinations.Loading;

/// <summary>The newest version of a key that the feed has loaded.</summary>
/// <param name="Key">The key.</param>
/// <param name="ETag">Its entity tag then.</param>
/// <param name="Size">Its size then, in bytes.</param>
public readonly record struct LedgerEntry(string Key, string ETag, long Size);
