using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Tests.Formats;

/// <summary>A CSV file that FsCheck makes up: any dialect, hostile values, rows that are none in between.</summary>
internal sealed record CsvCase(CsvOptions Options, string LineEnd, bool Marked, string[] Passed, CsvCell[] Names, CsvLine[] Lines, bool Ended, int[] Chunks)
{
    private const int MaxLines = 12;

    private static readonly string[] Common =
    [
        "a", "b7", "xyz", " ", ",", ";", "|", "\t", ":", "\"", "'", "\\", "\\N", "NULL", "\n", "\r", "\r\n", "\n\n", "é", "€", "😀", "\0\0", "\uFEFF", "\u001a",
        "#", "-0", "1e9",
    ];

    public static Gen<CsvCase> Any { get; } =
        from options in Dialect()
        from lineEnd in Gen.Elements("\n", "\r\n", "\r")
        from marked in Gen.Elements(true, false, false)
        from passed in Gen.Elements("", "a \"report", ",,'\\", "é").ArrayOf(options.SkipRows)
        from width in Gen.Choose(1, 5)
        from names in Cell(options).ArrayOf(width)
        from lines in Line(options, width).ArrayOf()
        from ended in Gen.Elements(true, true, false)
        from chunks in Gen.Choose(1, 40).NonEmptyListOf()
        select new CsvCase(
            options.ColumnNames is null ? options : options with { ColumnNames = [.. names.Select((_, i) => $"n{i}")] },
            lineEnd,
            marked,
            passed,
            [.. names.Select((n, i) => n with { Text = $"h{i}" + (options.Quote is null ? "" : n.Text?.Replace("\"", "", StringComparison.Ordinal)) })],
            [.. lines.Take(MaxLines)],
            ended,
            [.. chunks]);

    public CsvText Write()
    {
        var text = new CsvText(Options, LineEnd);
        if (Marked)
            text.Mark();
        foreach (var line in Passed)
            text.Passed(line);
        text.Fields(Names);
        // Without a header the first row says how many fields there are.
        text.Row([.. Names.Select(n => n with { Style = CsvStyle.Quoted })]);
        foreach (var line in Lines)
            line.Write(text, Options);
        if (!Ended)
            text.DropLastLineEnd();
        return text;
    }

    public override string ToString() => $"{Options} {string.Join(',', Chunks)}: {Encoding.UTF8.GetString(Write().Bytes).ReplaceLineEndings("⏎")}";

    private static Gen<CsvOptions> Dialect() =>
        from separator in Gen.Elements(",", "\t", "|", ";", "::", "¦", "€=", "aba", ", ", "😀", "\0")
        from quote in Gen.Elements<char?>('"', '"', '"', '\'', null)
        from escape in Gen.Elements<char?>(null, null, '\\', '"')
        from header in Gen.Elements(0, 1, 2)
        from skip in Gen.Elements(0, 0, 1, 3)
        from nulls in Gen.Elements<string[]>([], ["\\N"], ["NULL", "-"], ["x"])
        from lineEnd in Gen.Elements(CsvLineEndRule.Auto, CsvLineEndRule.First)
        select new CsvOptions
        {
            LineEnd = lineEnd,
            Separator = separator,
            Quote = quote,
            Escape = quote is null && escape == '"' ? null : escape,
            HasHeader = header == 0,
            ColumnNames = header == 1 ? [] : null,
            SkipRows = skip,
            NullValues = nulls,
        };

    private static Gen<CsvCell> Cell(CsvOptions options)
    {
        string[] own = [options.Separator!, .. options.Separator!.EnumerateRunes().Select(r => r.ToString()), $"{options.Quote}", $"{options.Quote}{options.Quote}", $"{options.Escape}"];
        var piece = Gen.OneOf(Gen.Elements(Common), Gen.Elements(own));
        return from length in Gen.Choose(0, 6)
               from pieces in piece.ArrayOf(length)
               from isNull in Gen.Elements(true, false, false, false, false, false)
               from style in Gen.Elements(CsvStyle.Plain, CsvStyle.Plain, CsvStyle.Quoted, CsvStyle.Escaped)
               select new CsvCell(isNull ? null : string.Concat(pieces), style);
    }

    private static Gen<CsvLine> Line(CsvOptions options, int width) =>
        from kind in Gen.Elements(
            CsvLineKind.Row, CsvLineKind.Row, CsvLineKind.Row, CsvLineKind.Row, CsvLineKind.Blank,
            CsvLineKind.TooFew, CsvLineKind.TooMany, CsvLineKind.Tail, CsvLineKind.NotUtf8)
        from cells in Cell(options).ArrayOf(width)
        from field in Gen.Choose(0, width - 1)
        from bytes in Gen.Elements<byte[]>([0xFF], [0xE9], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82])
        select new CsvLine(kind, cells, field, bytes);
}

/// <summary>What a line of such a file is.</summary>
internal enum CsvLineKind
{
    Row,
    Blank,
    TooFew,
    TooMany,
    Tail,
    NotUtf8,
}

/// <summary>One line of such a file.</summary>
internal sealed record CsvLine(CsvLineKind Kind, CsvCell[] Cells, int Field, byte[] NotUtf8)
{
    private static readonly byte[] Value = "v"u8.ToArray();

    public void Write(CsvText text, CsvOptions options)
    {
        var width = Cells.Length;
        switch (Kind)
        {
            case CsvLineKind.Blank:
                text.Blank();
                break;
            case CsvLineKind.TooFew when width > 1:
                text.Malformed(text.Join(Enumerable.Repeat(Value, width - 1)), $"the row has {width - 1} field{(width == 2 ? "" : "s")}, {width} fields expected");
                break;
            case CsvLineKind.TooMany:
                text.Malformed(text.Join(Enumerable.Repeat(Value, width + 1)), $"the row has {width + 1} fields, {width} field{(width == 1 ? "" : "s")} expected");
                break;
            case CsvLineKind.Tail when options.Quote is { } q:
                text.Malformed(text.Join(With([(byte)q, (byte)'q', (byte)q, (byte)'z'])), $"text follows the closing quote of field {Field + 1}", Field);
                break;
            case CsvLineKind.NotUtf8:
                text.Malformed(text.Join(With(NotUtf8)), "the row is not valid UTF-8", Field);
                break;
            default:
                text.Row(Cells);
                break;
        }
    }

    private IEnumerable<byte[]> With(byte[] bad) => Cells.Select((_, i) => i == Field ? bad : Value);
}
