using System.IO.Enumeration;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;

namespace PeakS3Feed.Worker.Commands;

/// <summary>The feeds that somebody means by names and wildcards.</summary>
internal static class FeedNames
{
    /// <summary>The names, each once, in the order given; a wildcard stands for the store's feeds that fit it and are enabled.</summary>
    /// <param name="given">Names, or patterns with <c>*</c> and <c>?</c>; case does not count.</param>
    /// <param name="definitions">The store.</param>
    /// <param name="disabledToo">Whether wildcards stand for disabled feeds too.</param>
    /// <exception cref="FeedException"><c>FeedNotFound</c>: no feed fits a wildcard. Plain names are not looked up.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> given, StoreDefinitions definitions, bool disabledToo)
        => [.. given.SelectMany(name => IsPattern(name) ? Matching(name, definitions, disabledToo) : [name]).Distinct(StringComparer.OrdinalIgnoreCase)];

    private static bool IsPattern(string name) => name.AsSpan().ContainsAny('*', '?');

    private static IEnumerable<string> Matching(string pattern, StoreDefinitions definitions, bool disabledToo)
    {
        List<S3Feed> found = [.. definitions.Feeds.Where(f => FileSystemName.MatchesSimpleExpression(pattern, f.Name))];
        if (found.Count == 0)
            throw WorkerErrors.NoFeedFits(pattern, definitions);
        return found.Where(f => f.Enabled || disabledToo).Select(f => f.Name);
    }
}
