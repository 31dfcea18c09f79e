using System.IO.Enumeration;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;

namespace PeakS3Feed.Worker.Commands;

/// <summary>Expands names and wildcards of feeds.</summary>
internal static class FeedNames
{
    /// <summary>Returns the names without duplicates, in the given order. A wildcard expands to the enabled feeds that match it.</summary>
    /// <param name="given">Names, or patterns with <c>*</c> and <c>?</c>; case is ignored.</param>
    /// <param name="definitions">The store.</param>
    /// <param name="disabledToo">Whether wildcards include disabled feeds.</param>
    /// <exception cref="FeedException"><c>FeedNotFound</c>: no feed matches a wildcard. Plain names are not checked.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> given, StoreDefinitions definitions, bool disabledToo)
        => [.. given.SelectMany(name => IsPattern(name) ? Matching(name, definitions, disabledToo) : [name])
            .Distinct(StringComparer.OrdinalIgnoreCase)];

    private static bool IsPattern(string name) => name.AsSpan().ContainsAny('*', '?');

    private static IEnumerable<string> Matching(string pattern, StoreDefinitions definitions, bool disabledToo)
    {
        List<S3Feed> found = [.. definitions.Feeds.Where(f => FileSystemName.MatchesSimpleExpression(pattern, f.Name))];
        if (found.Count == 0)
            throw WorkerErrors.NoFeedMatches(pattern, definitions);
        return found.Where(f => f.Enabled || disabledToo).Select(f => f.Name);
    }
}
