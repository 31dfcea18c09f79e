using PeakS3Feed.Formats;

namespace PeakS3Feed.Sources;

/// <summary>Decides from a listing which objects belong to a feed. Immutable and thread-safe.</summary>
public sealed class ObjectMatcher
{
    private const string HadoopMarker = "_$folder$";

    private readonly string _prefix;
    private readonly FileType _fileType;
    private readonly Glob[] _include;
    private readonly Glob[] _exclude;
    private readonly DateTimeOffset? _since;

    /// <summary>Creates a matcher. Throws <c>GlobInvalid</c>.</summary>
    /// <param name="pathPrefix">The prefix of the feed's path: empty, or ending in a slash. Globs are relative to it.</param>
    /// <param name="fileType">The file type, whose names match if <paramref name="include"/> is empty.</param>
    /// <param name="include">Globs that replace the rule of names; empty for the rule.</param>
    /// <param name="exclude">Globs of objects to leave out.</param>
    /// <param name="historicalDate">Objects last modified before this day (midnight UTC) are left out.</param>
    public ObjectMatcher(
        string pathPrefix, FileType fileType, IEnumerable<string>? include = null, IEnumerable<string>? exclude = null,
        DateOnly? historicalDate = null)
    {
        _prefix = pathPrefix;
        _fileType = fileType;
        _include = [.. (include ?? []).Select(p => new Glob(p))];
        _exclude = [.. (exclude ?? []).Select(p => new Glob(p))];
        _since = historicalDate is { } day ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
    }

    /// <summary>Returns why an object does not belong to the feed, or null if it does.</summary>
    public SkipReason? GetSkipReason(SourceObject source)
    {
        var key = source.Key;
        if (!key.StartsWith(_prefix, StringComparison.Ordinal))
            return SkipReason.NotThisFileType;
        if (IsFolderMarker(source))
            return SkipReason.FolderMarker;
        if (!MatchesFileName(key))
            return SkipReason.NotThisFileType;
        if (IsAnyMatch(_exclude, key))
            return SkipReason.Excluded;
        if (source.LastModified < _since)
            return SkipReason.BeforeHistoricalDate;
        if (source.Size == 0)
            return SkipReason.Empty;
        return source.Archived ? SkipReason.Archived : null;
    }

    /// <summary>Returns whether an object with this key would belong to the feed, by its name alone.</summary>
    internal bool MatchesName(string key)
        => key.StartsWith(_prefix, StringComparison.Ordinal) && !key.EndsWith('/') && MatchesFileName(key) && !IsAnyMatch(_exclude, key);

    private static bool IsFolderMarker(SourceObject source)
        => source.Size == 0 && (source.Key.EndsWith('/') || source.Key.EndsWith(HadoopMarker, StringComparison.Ordinal));

    private bool MatchesFileName(string key) => _include.Length > 0 ? IsAnyMatch(_include, key) : FileTypeNames.Matches(key, _fileType);

    private bool IsAnyMatch(Glob[] globs, string key)
    {
        foreach (var glob in globs)
        {
            if (glob.IsMatch(key.AsSpan(_prefix.Length)))
                return true;
        }
        return false;
    }
}
