using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using PeakS3Feed.Files;

namespace PeakS3Feed.Sources;

/// <summary>The checksum of a whole object that S3 stores, and the checksum of the bytes read so far.</summary>
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

    /// <summary>The algorithm's name in S3.</summary>
    public string Algorithm { get; }

    /// <summary>The checksum that S3 stores, in base64.</summary>
    public string Expected { get; }

    /// <summary>
    /// Returns the checksum in a response. Null if it has none, or one of an unknown algorithm, or one of the parts of an upload, whose boundaries
    /// are unknown.
    /// </summary>
    public static ObjectChecksum? From(GetObjectResponse response)
    {
        if (response.ChecksumType == ChecksumType.COMPOSITE)
            return null;
        if (IsWholeObject(response.ChecksumCRC64NVME))
            return new("CRC64NVME", response.ChecksumCRC64NVME, ReflectedCrc.Crc64Nvme());
        if (IsWholeObject(response.ChecksumCRC32C))
            return new("CRC32C", response.ChecksumCRC32C, ReflectedCrc.Crc32C());
        if (IsWholeObject(response.ChecksumCRC32))
            return new("CRC32", response.ChecksumCRC32, ReflectedCrc.Crc32());
        if (IsWholeObject(response.ChecksumSHA256))
            return new("SHA256", response.ChecksumSHA256, hash: HashAlgorithmName.SHA256);
#pragma warning disable CA5350 // detects accidents, not attacks; the object's owner chose the algorithm
        return IsWholeObject(response.ChecksumSHA1) ? new("SHA1", response.ChecksumSHA1, hash: HashAlgorithmName.SHA1) : null;
#pragma warning restore CA5350
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        _crc?.Append(data);
        _hash?.AppendData(data);
    }

    /// <summary>Returns the checksum of the bytes read so far, in base64.</summary>
    public string Current() => Convert.ToBase64String(_crc?.Current() ?? _hash!.GetCurrentHash());

    public void Dispose() => _hash?.Dispose();

    // A checksum of parts has a dash and the number of parts after it. Base64 has no dash.
    private static bool IsWholeObject(string? checksum) => checksum is { Length: > 0 } && !checksum.Contains('-', StringComparison.Ordinal);
}
