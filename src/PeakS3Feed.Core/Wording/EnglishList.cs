namespace PeakS3Feed.Wording;

/// <summary>Joins words to a list.</summary>
internal static class EnglishList
{
    /// <summary>Returns, for example, <c>a, b and c</c>.</summary>
    public static string Join(IReadOnlyList<string> words)
        => words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";
}
