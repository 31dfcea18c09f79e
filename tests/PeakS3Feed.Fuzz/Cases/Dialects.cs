using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Fuzz.Cases;

/// <summary>Dialects that a feed may have.</summary>
internal static class Dialects
{
    public static CsvOptions Any(Dice dice)
    {
        var quote = dice.Pick<char?>('"', '"', '"', '"', '\'', null);
        return new CsvOptions
        {
            Separator = dice.Pick(",", ",", ",", "\t", "|", ";", "::", ":::", "¦", "||", " ", "a", ",b", "\0"),
            Quote = quote,
            Escape = dice.Pick<char?>(null, null, null, '\\', '^', quote),
            HasHeader = !dice.OneIn(4),
            ColumnNames = dice.OneIn(8) ? [.. Enumerable.Range(0, dice.Between(1, 4)).Select(n => "name" + n)] : null,
            SkipRows = dice.OneIn(6) ? dice.Between(1, 3) : 0,
            LineEnd = dice.OneIn(4) ? CsvLineEndRule.First : CsvLineEndRule.Auto,
            NullValues = dice.Pick<string[]>([], [], ["\\N"], ["NULL", "\\N", "-"], ["0"]),
        };
    }
}
