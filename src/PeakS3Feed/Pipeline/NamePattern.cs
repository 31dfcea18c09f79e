using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>Finds items by name or wildcard pattern.</summary>
internal static class NamePattern
{
    /// <summary>Finds the items whose names match. A name without wildcards must exist.</summary>
    /// <param name="pattern">A name or a pattern.</param>
    /// <param name="all">All items.</param>
    /// <param name="name">An item's name.</param>
    /// <param name="get">Finds the item with a name, or throws.</param>
    public static IEnumerable<T> Find<T>(string pattern, IEnumerable<T> all, Func<T, string> name, Func<string, T> get)
        => WildcardPattern.ContainsWildcardCharacters(pattern) ? all.Where(i => IsMatch(pattern, name(i))) : [get(pattern)];

    /// <summary>Whether a text equals the pattern or matches it, in any case.</summary>
    public static bool IsMatch(string pattern, string text)
        => string.Equals(pattern, text, StringComparison.OrdinalIgnoreCase) || WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(text);
}
