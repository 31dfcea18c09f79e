using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats.Csv;

/// <summary>The settings that would make sense of quotes that do not fit, by what stands around them.</summary>
internal static class CsvQuoteSettings
{
    /// <summary>Quotes are text.</summary>
    private static readonly FeedSetting NoQuote = new("Quote", CsvCharacter.None, "csv.quote");

    /// <summary>A backslash stands before a quote that is part of a field.</summary>
    private static readonly FeedSetting Backslash = new("Escape", "\\", "csv.escape");

    /// <summary>An escape where a backslash stands before a quote; else no quotes, where there is no other one that could belong to a pair.</summary>
    /// <param name="text">From the row on that cannot be read.</param>
    /// <param name="dialect">What it was read with.</param>
    public static IReadOnlyList<FeedSetting> For(ReadOnlySpan<byte> text, CsvDialect dialect)
        => dialect.Quote < 0 ? [] : For(text, (byte)dialect.Quote, dialect.Escape >= 0);

    /// <summary>The same for a rejected row.</summary>
    public static IReadOnlyList<FeedSetting> For(ReadOnlySpan<byte> text, byte quote, bool hasEscape)
    {
        if (!hasEscape && text.IndexOf([(byte)'\\', quote]) >= 0)
            return [Backslash];
        return text.Count(quote) == 1 ? [NoQuote] : [];
    }
}
