using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Sampling;

/// <summary>The few newest, oldest and largest objects of a listing. One of each is read; the others replace it if it is bad.</summary>
internal sealed class SampleCandidates
{
    private const int MaxPerKind = 5;
    private readonly List<SourceObject> _newest = [];
    private readonly List<SourceObject> _oldest = [];
    private readonly List<SourceObject> _largest = [];

    /// <summary>Whether the listing was read to its end.</summary>
    public bool Complete { get; set; } = true;

    public bool Any => _newest.Count > 0;

    /// <summary>The keys whose current version was looked up.</summary>
    public HashSet<string> LookedUp { get; } = new(StringComparer.Ordinal);

    public void Add(SourceObject item)
    {
        // Among objects of the same time, the last in the listing is the newest, the first the oldest.
        Insert(_newest, item, other => item.LastModified >= other.LastModified);
        Insert(_oldest, item, other => item.LastModified < other.LastModified);
        Insert(_largest, item, other => item.Size > other.Size);
    }

    /// <summary>The objects to read, the newest first.</summary>
    public IReadOnlyList<SourceObject> Choose()
        => [.. new[] { _newest, _oldest, _largest }.Where(l => l.Count > 0).Select(l => l[0]).DistinctBy(o => o.Key, StringComparer.Ordinal)];

    /// <summary>Replaces an object by another version, or removes it.</summary>
    public void Replace(SourceObject item, SourceObject? now)
    {
        foreach (var list in new[] { _newest, _oldest, _largest })
        {
            var at = list.FindIndex(o => o.Key == item.Key);
            if (at >= 0 && now is not null)
                list[at] = now;
            else if (at >= 0)
                list.RemoveAt(at);
        }
    }

    private static void Insert(List<SourceObject> list, SourceObject item, Predicate<SourceObject> goesBefore)
    {
        var at = list.FindIndex(goesBefore);
        if (at < 0 && list.Count == MaxPerKind)
            return;
        list.Insert(at < 0 ? list.Count : at, item);
        if (list.Count > MaxPerKind)
            list.RemoveAt(MaxPerKind);
    }
}
