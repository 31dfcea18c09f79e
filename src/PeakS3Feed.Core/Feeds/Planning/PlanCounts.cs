using System.Security.Cryptography;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>What is counted while objects are listed.</summary>
internal sealed class PlanCounts
{
    private readonly IncrementalHash _versions = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Listed { get; set; }

    public long ToLoad { get; private set; }

    public long Bytes { get; private set; }

    public long Changed { get; private set; }

    public long Unchanged { get; set; }

    public SourceObject? FirstChanged { get; private set; }

    public SourceObject? FirstArchived { get; private set; }

    public Dictionary<string, long> Skipped { get; } = new(StringComparer.Ordinal);

    public void Load(SourceObject item, bool changed)
    {
        ToLoad++;
        Bytes += item.Size;
        LoadId.Append(_versions, item);
        if (!changed)
            return;
        Changed++;
        FirstChanged ??= item;
    }

    public void Skip(SourceObject item, string reason)
    {
        Skipped[reason] = Skipped.GetValueOrDefault(reason) + 1;
        if (reason == nameof(SkipReason.Archived))
            FirstArchived ??= item;
    }

    /// <summary>Hash of the versions to load and of whatever else decides the outcome. Once.</summary>
    public string Signature(string fingerprint)
    {
        LoadId.Append(_versions, fingerprint);
        return Convert.ToHexStringLower(_versions.GetHashAndReset());
    }
}
