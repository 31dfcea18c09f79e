using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Fuzz.Cases;

/// <summary>Dialects that a feed may have.</summary>
internal static class Dialects
{
    public static CsvOptions Any(Dice dice)
    {
        var quote = dice.Pick<char?>('"', '"', '"', '"', '\'', null);
        var number = dice.Pick<(char? Decimal, char? Group)>((null, null), (null, null), (',', null), (',', '.'), (null, ','), (',', '\u00A0'));
        return new CsvOptions
        {
            Separator = dice.Pick(",", ",", ",", "\t", "|", ";", "::", ":::", "¦", "||", " ", "a", ",b", "\0"),
            Quote = quote,
            Escape = dice.Pick<char?>(null, null, null, '\\', '^', quote),
            HasHeader = !dice.OneIn(4),
            ColumnNames = dice.OneIn(8) ? [.. Enumerable.Range(0, dice.Between(1, 4)).Select(n => "name" + n)] : null,
            SkipRows = dice.OneIn(6) ? dice.Between(1, 3) : 0,
            LineEnd = dice.OneIn(4) ? CsvLineEndRule.First : CsvLineEndRule.Auto,
            CommentPrefix = dice.Pick(null, null, null, "#", "//", "#é"),
            TrimValues = dice.OneIn(5),
            EmptyAsNull = dice.OneIn(4),
            SkipLastRows = dice.OneIn(6) ? dice.Between(1, 4) : 0,
            BooleanValues = dice.Pick<string[]?>(null, null, ["1/0"], ["Y/N", "t/f"]),
            DecimalSeparator = number.Decimal,
            GroupSeparator = number.Group,
            NullValues = dice.Pick<string[]>([], [], ["\\N"], ["NULL", "\\N", "-"], ["0"]),
        };
    }
}
