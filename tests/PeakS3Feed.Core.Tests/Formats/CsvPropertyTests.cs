using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Tests.Formats;

public class CsvPropertyTests
{
    private static readonly string[] Pieces =
        ["a", "b7", " ", ",", ";", "|", "\t", "::", ":", "\"", "\"\"", "'", "\\", "\\N", "\n", "\r", "\r\n", "é", "€", "😀", "\0\0", "NULL", "xyz"];

    private static readonly Gen<string> Value =
        Gen.Elements(Pieces).ListOf().Select(pieces => string.Concat(pieces.Take(6)));

    private static readonly Gen<CsvOptions> Dialect =
        from separator in Gen.Elements(",", "\t", "|", ";", "::", "¦", "€=")
        from quote in Gen.Elements('"', '\'')
        from escape in Gen.Elements<char?>(null, '\\')
        select new CsvOptions { HasHeader = false, Separator = separator, Quote = quote, Escape = escape };

    private static readonly Gen<Case> Cases =
        from options in Dialect
        from lineEnd in Gen.Elements("\n", "\r\n", "\r")
        from width in Gen.Choose(1, 5)
        from rows in Value.ArrayOf(width).NonEmptyListOf()
        from chunk in Gen.Choose(1, 40).NonEmptyListOf()
        select new Case(options, lineEnd, [.. rows.Take(12)], [.. chunk]);

    [Fact]
    public void What_is_written_in_any_dialect_reads_back_equal_in_any_chunks()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Arb.From(Cases), ReadsBack));

    [Fact]
    public void CsvHelper_reads_the_same_from_RFC_4180()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(Arb.From(Cases), c =>
        {
            var plain = c with { Options = new CsvOptions { HasHeader = false }, BareQuotes = false };
            var text = Write(plain);
            using var parser = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture) { IgnoreBlankLines = true });
            var expected = new List<string>();
            while (parser.Read())
                expected.Add(string.Join('‖', parser.Record!.Select(v => plain.IsPlain(v) ? v : $"\"{v}\"")));
            return expected.SequenceEqual(Csv.Read(text, plain.Options), StringComparer.Ordinal);
        }));

    private static bool ReadsBack(Case c)
    {
        var expected = c.Rows.Select(row => string.Join('‖', row.Select(v => c.IsPlain(v) ? v : $"\"{v}\"")));
        var bytes = Encoding.UTF8.GetBytes(Write(c));
        return expected.SequenceEqual(Csv.Read(bytes, c.Options, c.Chunks, buffer: 16).Select(r => r.Text), StringComparer.Ordinal);
    }

    private static string Write(Case c)
    {
        var quote = c.Options.Quote!.Value.ToString();
        var escape = c.Options.Escape?.ToString() ?? quote;
        string Quoted(string value)
        {
            if (c.IsPlain(value))
                return value;
            if (c.Options.Escape is not null)
                value = value.Replace(escape, escape + escape, StringComparison.Ordinal);
            return quote + value.Replace(quote, escape + quote, StringComparison.Ordinal) + quote;
        }

        return string.Concat(c.Rows.Select(row => string.Join(c.Options.Separator, row.Select(Quoted)) + c.LineEnd));
    }

    public sealed record Case(CsvOptions Options, string LineEnd, string[][] Rows, int[] Chunks, bool BareQuotes = true)
    {
        // Some of the values that need no quotes are written without. RFC 4180 allows no bare quotes in them, we do.
        public bool IsPlain(string value)
            => value.Length % 3 != 0
                && value[0] != Options.Quote
                && (BareQuotes || !value.Contains(Options.Quote!.Value, StringComparison.Ordinal))
                && value.IndexOfAny(['\r', '\n', Options.Escape ?? '\n', .. Options.Separator!]) < 0;

        public override string ToString() => $"{Options} {LineEnd.Length} {string.Join(',', Chunks)}: {Write(this)}";
    }
}
