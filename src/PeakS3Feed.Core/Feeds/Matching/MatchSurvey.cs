using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Matching;

/// <summary>Counts the objects under a feed's path that are not part of the feed. Memory does not grow with the listing.</summary>
internal sealed class MatchSurvey
{
    private const int MaxEndings = 50;
    private const int MaxKeys = 500;
    private const string NoEnding = "";
    private readonly Dictionary<string, long> _endings = new(StringComparer.Ordinal);
    private readonly Dictionary<SkipReason, long> _reasons = [];
    private readonly List<string> _keys = [];

    /// <summary>The number of listed objects, without folder markers.</summary>
    public long Objects { get; private set; }

    /// <summary>The endings of names with their counts, the most frequent first. The ending of a name without one is empty.</summary>
    public IReadOnlyList<(string Ending, long Count)> Endings
        => [.. _endings.OrderByDescending(e => e.Value).ThenBy(e => e.Key, StringComparer.Ordinal).Select(e => (e.Key, e.Value))];

    /// <summary>The first keys whose names do not match.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>Returns the number of objects left out for a reason.</summary>
    public long Count(SkipReason reason) => _reasons.GetValueOrDefault(reason);

    /// <summary>Adds an object that is not part of the feed.</summary>
    public void Add(SourceObject item, SkipReason reason)
    {
        if (reason == SkipReason.FolderMarker)
            return;
        Objects++;
        _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
        if (reason != SkipReason.NotThisFileType)
            return;
        var ending = GetEnding(item.Key);
        if (_endings.Count < MaxEndings || _endings.ContainsKey(ending))
            _endings[ending] = _endings.GetValueOrDefault(ending) + 1;
        if (_keys.Count < MaxKeys)
            _keys.Add(item.Key);
    }

    /// <summary>Returns the ending of a name with its dot, ignoring an ending of compression.</summary>
    public static string GetEnding(string key)
    {
        var name = FileTypeNames.Uncompressed(key.AsSpan(key.LastIndexOf('/') + 1));
        var dot = name.LastIndexOf('.');
        return dot > 0 && dot < name.Length - 1 ? name[dot..].ToString() : NoEnding;
    }
}
