using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Formats;

/// <summary>
/// CsvHelper as the oracle. The two agree on RFC 4180 with any separator, quote and line end. They part, and the files here leave it out,
/// where a quote stands inside or behind a field (it is told to take it as text, we reject what follows a closing quote), where rows
/// differ in length (it does not mind), where an escape character is set (it knows one only inside quotes, before a quote or itself), where
/// a CR or LF outside quotes is not the file's line end (it takes some for one even if it is told which is), and where a file ends in the first half of a
/// separator (it takes that for a whole one).
/// </summary>
public class CsvHelperOracleTests
{
    private static readonly string[] Pieces = ["a", "b", " ", "é", "😀", "\n", "\n", ",", ";", ":", "\"", "'", "\t", "\\", "#", "\0\0"];

    private static readonly Gen<(CsvOptions Options, string LineEnd, string Text)> Written =
        from c in CsvCase.Any
        where c.Options.Quote is not null
        let options = new CsvOptions { HasHeader = false, Separator = c.Options.Separator, Quote = c.Options.Quote }
        let plain = c with { Options = options, Marked = false, Passed = [], Ended = true, Lines = [.. c.Lines.Where(l => l.Kind == CsvLineKind.Row).Select(LineBreaksInQuotes)] }
        select (options, c.LineEnd, Encoding.UTF8.GetString(plain.Write().Bytes));

    private static readonly Gen<(CsvOptions Options, string LineEnd, string Text)> Random =
        from separator in Gen.Elements(",", ";", "::")
        from quote in Gen.Elements('"', '\'')
        from length in Gen.Choose(0, 30)
        from pieces in Gen.Elements(Pieces).ArrayOf(length)
        from lineEnd in Gen.Elements("\n", "\r\n", "\r")
        select (new CsvOptions { HasHeader = false, Separator = separator, Quote = quote }, lineEnd, (string.Concat(pieces) + "\n").ReplaceLineEndings(lineEnd));

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void CsvHelper_reads_the_same_from_what_is_written()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(Arb.From(Written), f => Agree(f.Options, f.LineEnd, f.Text)));

    [Fact]
    public void CsvHelper_reads_the_same_from_random_text_where_nothing_is_malformed()
    {
        var compared = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(Arb.From(Random), f => compared += Agree(f.Options, f.LineEnd, f.Text) ? 1 : 0));
        Assert.InRange(compared, 2_000, 20_000);
    }

    private static CsvLine LineBreaksInQuotes(CsvLine line)
        => line with { Cells = [.. line.Cells.Select(c => c.Text is { } text && text.IndexOfAny(['\r', '\n']) >= 0 ? c with { Style = CsvStyle.Quoted } : c)] };

    private static bool Agree(CsvOptions options, string lineEnd, string text)
    {
        if (Csv.Values(Encoding.UTF8.GetBytes(text), options) is not { } values)
            return false;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = options.Separator!,
            Quote = options.Quote!.Value,
            Escape = options.Quote.Value,
            IgnoreBlankLines = true,
            NewLine = lineEnd,
            BadDataFound = null,
        };
        using var parser = new CsvParser(new StringReader(text), configuration);
        var expected = new List<string>();
        while (parser.Read())
            expected.Add(string.Join('‖', parser.Record!));
        Assert.Equal(expected, values);
        return true;
    }
}
