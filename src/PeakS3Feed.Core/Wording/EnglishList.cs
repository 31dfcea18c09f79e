namespace PeakS3Feed.Wording;

/// <summary>Words one after the other.</summary>
internal static class EnglishList
{
    /// <summary>For example <c>a, b and c</c>.</summary>
    public static string Join(IReadOnlyList<string> words)
        => words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";
}
