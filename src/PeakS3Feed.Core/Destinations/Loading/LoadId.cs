using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>The identity of a load: hash of feed, table, sequence and object versions. The same work has the same id.</summary>
public static class LoadId
{
    /// <summary>Computes it; lower-case hexadecimal SHA-256.</summary>
    public static async Task<string> ComputeAsync(
        LoadTarget target, long sequence, IAsyncEnumerable<SourceObject> objects, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, string.Create(CultureInfo.InvariantCulture, $"{target.FeedId:D}\0{target.Table}\0{sequence}\0"));
        await foreach (var item in objects.WithCancellation(cancellationToken))
            Append(hash, item);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Adds an object's version to a hash. NUL cannot occur in a bucket or ETag, and the key's length stands before it.</summary>
    public static void Append(IncrementalHash hash, SourceObject item)
        => Append(hash, string.Create(CultureInfo.InvariantCulture, $"{item.Bucket}\0{item.Key.Length}\0{item.Key}\0{item.ETag}\0{item.Size}\0"));

    /// <summary>Adds text to a hash, as UTF-8.</summary>
    public static void Append(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
}
