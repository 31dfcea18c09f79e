using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>An object version that a load brought.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key.</param>
/// <param name="ETag">The entity tag.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="Sequence">The number of the load.</param>
internal readonly record struct LedgerObject(string Bucket, string Key, string ETag, long Size, long Sequence)
{
    /// <summary>Compares bucket and key by their UTF-8 bytes.</summary>
    public static int CompareKeys(LedgerObject a, LedgerObject b)
    {
        var order = KeyOrder.Instance.Compare(a.Bucket, b.Bucket);
        return order == 0 ? KeyOrder.Instance.Compare(a.Key, b.Key) : order;
    }
}
