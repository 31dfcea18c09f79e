using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>Names as people ask for them: with wildcards or without.</summary>
internal static class NamePattern
{
    /// <summary>The items whose name fits. A name without wildcards must be there.</summary>
    /// <param name="pattern">A name, or a pattern of one.</param>
    /// <param name="all">All items.</param>
    /// <param name="name">An item's name.</param>
    /// <param name="get">Finds the item of a name, or throws.</param>
    public static IEnumerable<T> Find<T>(string pattern, IEnumerable<T> all, Func<T, string> name, Func<string, T> get)
        => WildcardPattern.ContainsWildcardCharacters(pattern) ? all.Where(i => Fits(pattern, name(i))) : [get(pattern)];

    /// <summary>Whether a text is what is asked for, in any case: as it stands, or as a pattern.</summary>
    public static bool Fits(string pattern, string text)
        => string.Equals(pattern, text, StringComparison.OrdinalIgnoreCase) || WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(text);
}
