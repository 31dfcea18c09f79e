using System.Globalization;
using PeakS3Feed.Connections;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Matching;

/// <summary>Explains why a feed matches nothing: names the objects that exist, and the nearest setting that would match.</summary>
internal sealed class MatchAdvisor(IObjectSource source, S3Feed feed, S3Connection? connection, string prefix)
{
    private const int MaxNamed = 5;

    /// <summary>Explains it from the listed objects. If there are none, makes a few small listings.</summary>
    public async Task<MatchFinding> ExplainAsync(MatchSurvey survey, CancellationToken cancellationToken)
        => survey.Objects > 0 ? ExplainNames(survey) : await ExplainPathAsync(cancellationToken);

    private MatchFinding ExplainNames(MatchSurvey survey)
    {
        var parts = new List<string>();
        var other = survey.Count(SkipReason.NotThisFileType);
        if (other > 0)
            parts.Add(Endings(survey.Endings, other));
        Add(SkipReason.Excluded, "matches Exclude", "match Exclude");
        Add(SkipReason.BeforeHistoricalDate, $"was modified before {Day}", $"were modified before {Day}");
        Add(SkipReason.Empty, "is empty", "are empty");
        Add(SkipReason.Archived, "is archived", "are archived");
        var (change, why) = Nearest(survey);
        return new($"{Count(survey.Objects, "object")} {Where}: {string.Join(", ", parts)}.{why}", change);

        void Add(SkipReason reason, string one, string many)
        {
            if (survey.Count(reason) is > 0 and var count)
                parts.Add($"{Number(count)} {(count == 1 ? one : many)}");
        }
    }

    private string Day => feed.HistoricalDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "the historical date";

    private string Where => prefix.Length == 0 ? $"in the bucket {source.Bucket}" : $"under {prefix}";

    private string Endings(IReadOnlyList<(string Ending, long Count)> endings, long all)
    {
        var shown = endings.Take(MaxNamed).Select(e => e.Ending.Length == 0
            ? $"{Number(e.Count)} {(e.Count == 1 ? "has" : "have")} no ending"
            : $"{Number(e.Count)} {(e.Count == 1 ? "ends" : "end")} in {e.Ending}").ToList();
        if (all - endings.Take(MaxNamed).Sum(e => e.Count) is > 0 and var others)
            shown.Add($"{Number(others)} in others");
        var rule = feed.Include.Count > 0
            ? $"none matches {string.Join(" or ", feed.Include)}"
            : $"none in {string.Join(" or ", FileTypeNames.List(feed.FileType))}";
        return $"{string.Join(", ", shown)}, {rule}";
    }

    private (SettingChanges? Change, string Why) Nearest(MatchSurvey survey)
    {
        if (survey.Keys.Count == 0)
            return (null, "");
        if (PatternAdvice.Pattern(feed, source.Bucket, prefix, survey.Keys) is { } pattern)
            return (SettingChanges.From("Include", pattern),
                $" The pattern {pattern} would match: patterns are relative to the path, * stops at a slash, and case is significant.");
        if (feed.Include.Count == 0 && PatternAdvice.Type(feed, survey.Keys) is { } type)
            return (SettingChanges.From("FileType", type.ToString()), $" The file type {type} would match.");
        return PatternAdvice.ForEnding(survey.Endings.Select(e => e.Ending)) is { } any
            ? (SettingChanges.From("Include", any),
                $" The pattern {any} would match if these files are {feed.FileType.ToString().ToUpperInvariant()}.")
            : (null, "");
    }

    private async Task<MatchFinding> ExplainPathAsync(CancellationToken cancellationToken)
    {
        if (prefix.Length == 0)
            return new($"The bucket {source.Bucket} has no object.");
        var search = new PathSearch(source);
        var found = await search.FindAsync(prefix, cancellationToken);
        var none = $"No key begins with {prefix}";
        if (found.Object is { } file)
        {
            var folder = file[..(file.LastIndexOf('/') + 1)];
            return new(
                $"{none}, but there is an object {file}: a path is a folder.",
                Path(folder.Length == 0 ? "/" : folder, ("Include", file[folder.Length..])));
        }
        if (found.Path is { } path)
        {
            var keys = found.Whole ? await search.KeysAsync(path, cancellationToken) : null;
            var matches = keys?.Any(FeedObjects.NamesUnder(feed, path).MatchesName) ?? found.Whole;
            return new($"{none}, but {path} exists{(found.Whole && !matches ? ", where no name matches either" : "")}.", matches ? Path(path) : null);
        }
        return new(found.Around is { } around && MayBeUnderRoot(around.Folder)
            ? $"{none}. {Contents(around.Folder, around.Entries)}"
            : $"{none}.");
    }

    private bool MayBeUnderRoot(string folder) => connection is null
        || folder.StartsWith(connection.RootPrefix, StringComparison.Ordinal)
        || connection.RootPrefix.StartsWith(folder, StringComparison.Ordinal);

    private string Contents(string folder, IReadOnlyList<string> entries)
    {
        var shown = entries.Take(MaxNamed).Select(e => e[folder.Length..]).Where(e => e.Length > 0).ToList();
        var more = entries.Count > MaxNamed ? $" and {Number(entries.Count - MaxNamed)} more" : "";
        return $"{(folder.Length == 0 ? $"The bucket {source.Bucket}" : folder)} contains {string.Join(", ", shown)}{more}.";
    }

    // The path that is wrong may be the connection's root path.
    private SettingChanges? Path(string path, params (string Parameter, string Value)[] more)
    {
        if (connection is null || path.StartsWith(connection.RootPrefix, StringComparison.Ordinal))
            return new([("Path", path), .. more]);
        return feed.Path is null or "/" && more.Length == 0 ? new([("RootPath", path)], connection.Name) : null;
    }

    private static string Count(long number, string noun) => $"{Number(number)} {noun}{(number == 1 ? "" : "s")}";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
