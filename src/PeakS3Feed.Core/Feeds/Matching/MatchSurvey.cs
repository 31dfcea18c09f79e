using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Matching;

/// <summary>What lies under a feed's path and is not part of the feed, counted while it is listed. Memory does not grow with the listing.</summary>
internal sealed class MatchSurvey
{
    private const int MostEndings = 50;
    private const int MostKeys = 500;
    private const string NoEnding = "";
    private readonly Dictionary<string, long> _endings = new(StringComparer.Ordinal);
    private readonly Dictionary<SkipReason, long> _reasons = [];
    private readonly List<string> _keys = [];

    /// <summary>Objects listed, without those that only make a folder visible.</summary>
    public long Objects { get; private set; }

    /// <summary>How many names end in what, the most frequent first; a name without an ending has the empty one.</summary>
    public IReadOnlyList<(string Ending, long Count)> Endings
        => [.. _endings.OrderByDescending(e => e.Value).ThenBy(e => e.Key, StringComparer.Ordinal).Select(e => (e.Key, e.Value))];

    /// <summary>The first keys whose names do not fit.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>How many objects are left out for a reason.</summary>
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
        var ending = EndingOf(item.Key);
        if (_endings.Count < MostEndings || _endings.ContainsKey(ending))
            _endings[ending] = _endings.GetValueOrDefault(ending) + 1;
        if (_keys.Count < MostKeys)
            _keys.Add(item.Key);
    }

    /// <summary>The ending of a name with its dot, without that of a compressed file.</summary>
    public static string EndingOf(string key)
    {
        var name = FileTypeNames.Uncompressed(key.AsSpan(key.LastIndexOf('/') + 1));
        var dot = name.LastIndexOf('.');
        return dot > 0 && dot < name.Length - 1 ? name[dot..].ToString() : NoEnding;
    }
}
