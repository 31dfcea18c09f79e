using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Formats;

/// <summary>Bytes that nobody wrote as CSV.</summary>
public class CsvHostileTests
{
    private static readonly byte[][] Pieces =
    [
        .. new[] { "a", "b", "1", " ", ",", ",", ";", ":", "::", "\"", "\"", "\"\"", "'", "\\", "\n", "\n", "\r", "\r\n", "é", "¦", "\uFEFF", "\0\0", "\u001a", "#", "#", "\t", "\u00A0", "\u3000" }
            .Select(Encoding.UTF8.GetBytes),
        [0xFF],
        [0xC2],
        [0xC0, 0xAF],
        [0xE3, 0x80],
    ];

    private static readonly Gen<(CsvOptions Options, byte[] Bytes, int[] Chunks)> Files =
        from separator in Gen.Elements(",", ",", "::", "¦", ",a", "\"\"", " ", "\0")
        from quote in Gen.Elements<char?>('"', '"', '"', '\'', null)
        from escape in Gen.Elements<char?>(null, null, '\\', '"', 'a')
        where !separator.Contains(quote ?? '\n', StringComparison.Ordinal) && !separator.Contains(escape ?? '\n', StringComparison.Ordinal)
        from lineEnd in Gen.Elements(CsvLineEndRule.Auto, CsvLineEndRule.Auto, CsvLineEndRule.First, CsvLineEndRule.CrLf, CsvLineEndRule.Lf, CsvLineEndRule.Cr)
        from length in Gen.Choose(0, 40)
        from pieces in Gen.Elements(Pieces).ArrayOf(length)
        from chunks in Gen.Choose(1, 20).NonEmptyListOf()
        from comment in Gen.Elements(null, null, "#", "a#", "\u00A0#")
        from trims in Gen.Elements(false, true)
        let options = new CsvOptions { CommentPrefix = comment, TrimValues = trims, HasHeader = false, Separator = separator, Quote = quote, Escape = escape, LineEnd = lineEnd }
        select (options, pieces.SelectMany(p => p).ToArray(), chunks.ToArray());

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Any_bytes_are_read_as_the_rules_say_and_nothing_is_lost_in_any_chunks()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(Arb.From(Files), file =>
        {
            if (TextEncoding.DetectUnsupported(file.Bytes) is not null)
                return;
            var (expected, openQuote) = new PlainCsv(file.Bytes, file.Options).Read();
            foreach (var chunks in new int[][] { [], file.Chunks, [1] })
            {
                var (rows, error) = Csv.ReadToTheEnd(file.Bytes, file.Options, chunks);
                Assert.Equal(expected, rows.Select(r => r with { Fault = null, Fields = "" }));
                Assert.Equal(openQuote < 0 ? null : "CsvQuoteNotClosed", error?.Id);
                Assert.Equal(openQuote, error?.Position!.ByteOffset ?? -1);
                if (file.Options is { CommentPrefix: null, TrimValues: false })
                    NothingIsLost(file.Bytes, rows, openQuote);
            }
        }));

    // Between rows, rejects included, stand line ends and nothing else.
    private static void NothingIsLost(byte[] bytes, List<Csv.Row> rows, int openQuote)
    {
        var at = TextEncoding.MarkLength(bytes);
        foreach (var row in rows)
        {
            Assert.Equal(-1, bytes.AsSpan(at, (int)row.ByteOffset - at).IndexOfAnyExcept((byte)'\r', (byte)'\n'));
            at = (int)row.ByteOffset + row.RawLength;
        }

        if (openQuote < 0)
            Assert.Equal(-1, bytes.AsSpan(at).IndexOfAnyExcept((byte)'\r', (byte)'\n'));
    }
}
