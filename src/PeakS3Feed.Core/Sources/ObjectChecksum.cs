using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace PeakS3Feed.Sources;

/// <summary>The checksum that S3 keeps of a whole object, and the checksum of the bytes read so far.</summary>
internal sealed class ObjectChecksum : IDisposable
{
    private readonly ReflectedCrc? _crc;
    private readonly IncrementalHash? _hash;

    private ObjectChecksum(string algorithm, string expected, ReflectedCrc? crc = null, HashAlgorithmName? hash = null)
    {
        Algorithm = algorithm;
        Expected = expected;
        _crc = crc;
        _hash = hash is { } name ? IncrementalHash.CreateHash(name) : null;
    }

    /// <summary>Its name in S3.</summary>
    public string Algorithm { get; }

    /// <summary>The checksum that S3 keeps, in base64.</summary>
    public string Expected { get; }

    /// <summary>
    /// The one that an answer names, or null: there is none, or one of a kind that we do not know, or a checksum of the checksums of the
    /// parts it was uploaded in (which nothing says the borders of).
    /// </summary>
    public static ObjectChecksum? From(GetObjectResponse response)
    {
        if (response.ChecksumType == ChecksumType.COMPOSITE)
            return null;
        if (IsOfTheWhole(response.ChecksumCRC64NVME))
            return new("CRC64NVME", response.ChecksumCRC64NVME, ReflectedCrc.Crc64Nvme());
        if (IsOfTheWhole(response.ChecksumCRC32C))
            return new("CRC32C", response.ChecksumCRC32C, ReflectedCrc.Crc32C());
        if (IsOfTheWhole(response.ChecksumCRC32))
            return new("CRC32", response.ChecksumCRC32, ReflectedCrc.Crc32());
        if (IsOfTheWhole(response.ChecksumSHA256))
            return new("SHA256", response.ChecksumSHA256, hash: HashAlgorithmName.SHA256);
#pragma warning disable CA5350 // against accidents, not attacks: it is what the object's owner chose to keep
        return IsOfTheWhole(response.ChecksumSHA1) ? new("SHA1", response.ChecksumSHA1, hash: HashAlgorithmName.SHA1) : null;
#pragma warning restore CA5350
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        _crc?.Append(data);
        _hash?.AppendData(data);
    }

    /// <summary>Of the bytes read so far, in base64.</summary>
    public string Current() => Convert.ToBase64String(_crc?.Current() ?? _hash!.GetCurrentHash());

    public void Dispose() => _hash?.Dispose();

    // Base64 has no dash: one stands before the number of parts.
    private static bool IsOfTheWhole(string? checksum) => checksum is { Length: > 0 } && !checksum.Contains('-', StringComparison.Ordinal);
}
