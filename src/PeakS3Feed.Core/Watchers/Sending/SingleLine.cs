namespace PeakS3Feed.Watchers.Sending;

/// <summary>What others say, as a part of a line of ours.</summary>
internal static class SingleLine
{
    /// <summary>The text without control characters and line ends.</summary>
    public static string From(string text)
        => string.Join(' ', string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
