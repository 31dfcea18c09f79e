using System.Globalization;

namespace PeakS3Feed.Watchers.Sending;

/// <summary>Makes text from other systems safe within one line.</summary>
internal static class SingleLine
{
    /// <summary>Returns the text without control characters and line ends.</summary>
    public static string From(string text)
    {
        var visible = string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format ? ' ' : c));
        return string.Join(' ', visible.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
