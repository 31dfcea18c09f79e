using System.Security.Cryptography;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>Counts the listed objects: those of one destination, or of all of them together.</summary>
internal sealed class PlanCounts
{
    private readonly IncrementalHash _versions = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Listed { get; set; }

    public long ToLoad { get; private set; }

    public long Bytes { get; private set; }

    public long Changed { get; private set; }

    public long Unchanged { get; set; }

    /// <summary>Objects that count as loaded.</summary>
    public long Assumed { get; set; }

    /// <summary>Objects to load whose rows are in the table already, although no ledger has them.</summary>
    public long Named { get; private set; }

    public SourceObject? FirstNamed { get; private set; }

    public DateTimeOffset NewestNamed { get; private set; }

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

    /// <summary>Counts an object for two destinations together.</summary>
    public void AddOfPair(SourceObject item, bool isNeeded, bool changed, bool isUnchanged)
    {
        if (isNeeded)
            Load(item, changed);
        else if (isUnchanged)
            Unchanged++;
    }

    public void AddNamed(SourceObject item)
    {
        Named++;
        FirstNamed ??= item;
        NewestNamed = item.LastModified > NewestNamed ? item.LastModified : NewestNamed;
    }

    public void Skip(SourceObject item, string reason)
    {
        Skipped[reason] = Skipped.GetValueOrDefault(reason) + 1;
        if (reason == nameof(SkipReason.Archived))
            FirstArchived ??= item;
    }

    /// <summary>Returns the hash of the versions to load. Call it once.</summary>
    public string VersionsHash() => Convert.ToHexStringLower(_versions.GetHashAndReset());
}
