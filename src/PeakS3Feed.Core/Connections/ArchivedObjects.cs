using Amazon.S3;
using Amazon.S3.Model;

namespace PeakS3Feed.Connections;

/// <summary>Tells from a listing which objects cannot be read until they are restored.</summary>
internal static class ArchivedObjects
{
    /// <summary>Whether the object is archived. Intelligent-Tiering's archive tiers cannot be seen in a listing: those show at the read.</summary>
    public static bool Contain(S3Object listed, DateTimeOffset now)
    {
        var storedAway = listed.StorageClass == S3StorageClass.Glacier || listed.StorageClass == S3StorageClass.DeepArchive;
        return storedAway && !(listed.RestoreStatus?.RestoreExpiryDate is { } until && until.ToUniversalTime() > now.UtcDateTime);
    }
}
