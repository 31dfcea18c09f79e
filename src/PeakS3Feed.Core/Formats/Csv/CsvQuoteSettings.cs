using PeakS3Feed.Remedies;

namespace PeakS3Feed.Formats.Csv;

/// <summary>Suggests settings for a file with irregular quotes, from the text around them.</summary>
internal static class CsvQuoteSettings
{
    /// <summary>Quotes are text.</summary>
    private static readonly FeedSetting NoQuote = new("Quote", CsvCharacter.None, "csv.quote");

    /// <summary>A backslash escapes a quote that is part of a field.</summary>
    private static readonly FeedSetting Backslash = new("Escape", "\\", "csv.escape");

    /// <summary>Suggests an escape where a backslash precedes a quote. Otherwise suggests no quotes, where the text has only one.</summary>
    /// <param name="text">The text from the unreadable row on.</param>
    /// <param name="dialect">The dialect of the reader.</param>
    public static IReadOnlyList<FeedSetting> For(ReadOnlySpan<byte> text, CsvDialect dialect)
        => dialect.Quote < 0 ? [] : For(text, (byte)dialect.Quote, dialect.Escape >= 0);

    /// <summary>Suggests settings for a rejected row.</summary>
    public static IReadOnlyList<FeedSetting> For(ReadOnlySpan<byte> text, byte quote, bool hasEscape)
    {
        if (!hasEscape && text.IndexOf([(byte)'\\', quote]) >= 0)
            return [Backslash];
        return text.Count(quote) == 1 ? [NoQuote] : [];
    }
}
