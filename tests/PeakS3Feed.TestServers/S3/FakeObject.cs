namespace PeakS3Feed.TestServers.S3;

/// <summary>One object of the fake server. The content is made when it is read, so that a million of them cost nothing.</summary>
public sealed record FakeObject(string Key, long Size, string ETag, DateTimeOffset LastModified, Func<ReadOnlyMemory<byte>> Content)
{
    public string StorageClass { get; init; } = "STANDARD";

    /// <summary>Until when an archived object is restored.</summary>
    public DateTimeOffset? RestoredUntil { get; init; }

    /// <summary>The content of an object that is too large for memory; null to use <see cref="Content"/>.</summary>
    public IFakeContent? Large { get; init; }

    /// <summary>Headers that are sent to those who ask for checksums and want the whole object.</summary>
    public IReadOnlyDictionary<string, string> Checksums { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public bool IsArchived => StorageClass is "GLACIER" or "DEEP_ARCHIVE" && !(RestoredUntil > DateTimeOffset.UtcNow);

    /// <summary>An object of the given bytes; its ETag is their MD5, as on S3.</summary>
    public static FakeObject Create(string key, ReadOnlyMemory<byte> content, DateTimeOffset? lastModified = null)
        => new(key, content.Length, MD5Hex(content.Span), WholeSeconds(lastModified ?? DateTimeOffset.UtcNow), () => content);

    private static DateTimeOffset WholeSeconds(DateTimeOffset t) => DateTimeOffset.FromUnixTimeSeconds(t.ToUnixTimeSeconds());

#pragma warning disable CA5351 // S3's ETag of an object uploaded in one part is an MD5
    private static string MD5Hex(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(content));
#pragma warning restore CA5351
}
