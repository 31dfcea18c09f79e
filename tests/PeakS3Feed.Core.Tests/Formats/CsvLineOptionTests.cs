using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Rows;

namespace PeakS3Feed.Tests.Formats;

/// <summary>Comments, trimmed values and footers. <see cref="CsvHostileTests"/> and <see cref="CsvBlockTests"/> have them with any bytes.</summary>
public class CsvLineOptionTests
{
    private static readonly CsvOptions Comments = new() { CommentPrefix = "#" };
    private static readonly CsvOptions Trimmed = new() { TrimValues = true };

    [Theory]
    [InlineData("# by x\n#\na,b\n#1,2\n3,4\n# end", "3‖4")]
    [InlineData("a,b\r\n#\"x\r\n1,2\r\n#,\"\r\n3,4\r\n", "1‖2", "3‖4")] // a quote in a comment means nothing
    [InlineData("a,b\n1,\"x\n# y\"\n2,3\n", "1‖\"x\n# y\"", "2‖3")] // within quotes there is no comment
    [InlineData("a,b\n 1,#\n\"#\",2\n #,3\n", " 1‖#", "\"#\"‖2", " #‖3")] // only at the beginning of a line
    [InlineData("#x\ra,b\r\n1,2\r", "1‖2")] // a comment decides the line end, and an LF behind CR is passed over
    [InlineData("\uFEFF#x\na,b\n1,2\n", "1‖2")]
    [InlineData("#\n#\n#\n")]
    [InlineData("a,b\n1,2,3\n#1\n1,\"2\n#,4\n\"5,6\n", "!the row has 3 fields, 2 fields expected", "!text follows the closing quote of field 2 on line 6", "!text follows the closing quote of field 1")]
    public void A_line_that_begins_with_the_prefix_is_no_row_at_any_chunk_border(string text, params string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var border = 1; border <= bytes.Length; border++)
        {
            if (expected.Any(e => e.Contains("closing quote of field 1", StringComparison.Ordinal)))
            {
                // The quote of the last row is never closed.
                var (rows, error) = Csv.ReadToTheEnd(bytes, Comments, border, bytes.Length);
                Assert.Equal(("CsvQuoteNotClosed", 2), (error?.Id, rows.Count));
                continue;
            }

            Assert.Equal(expected, Csv.Read(bytes, Comments, [border, bytes.Length], buffer: 16).Select(r => r.Text));
        }
    }

    [Theory]
    [InlineData("//", "// x\n/,1\n//\n///,2\n3,4/\n", "/‖1", "3‖4/")]
    [InlineData("--", "-1,2\n--1,2\n-,-\n--", "-1‖2", "-‖-")]
    [InlineData("é", "é1,2\n\u00E8,1\n", "\u00E8‖1")]
    public void The_prefix_is_a_text(string prefix, string rows, params string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes("a,b\n" + rows);
        for (var border = 1; border <= bytes.Length; border++)
            Assert.Equal(expected, Csv.Read(bytes, new CsvOptions { CommentPrefix = prefix }, [border, bytes.Length], buffer: 16).Select(r => r.Text));
    }

    [Fact]
    public void Comments_are_counted_as_lines_and_bytes()
    {
        var rows = Csv.Read(Encoding.UTF8.GetBytes("\uFEFF#é\r\n\r\na,b\r\n#\r\n1,2\r\n#\r\n3\r\n"), Comments, [1]);
        Assert.Equal([("1‖2", 5L, 18L), ("!the row has 1 field, 2 fields expected", 7L, 26L)], rows.Select(r => (r.Text, r.Line, r.ByteOffset)));
    }

    [Fact]
    public void A_comment_may_be_longer_than_a_row()
    {
        var text = "a\n#" + new string('x', RecordReader.MaxRowBytes + 1_000_000) + "\n1\n";
        Assert.Equal(["1"], Csv.Read(Encoding.UTF8.GetBytes(text), Comments, [100_000]).Select(r => r.Text));
    }

    [Fact]
    public void Skipped_lines_come_before_comments_and_headers_behind_them()
    {
        var rows = Csv.Read("#1\nreport\n#2\na,b\n#3\n1,2\n", Comments with { SkipRows = 2 });
        Assert.Equal(["1‖2"], rows);
    }

    [Theory]
    [InlineData(" a , b\t\n 1 ,  x y \n", "1‖x y")]
    [InlineData("a,b\n \"x , y\" ,\t\" z \"\n", "\"x , y\"‖\" z \"")] // within quotes white space is text, and a quote may follow white space
    [InlineData("a,b\r\n\"1\" ,2 \r\n", "\"1\"‖2")]
    [InlineData("a,b\n , \"\"\n", "‖\"\"")]
    [InlineData("a,b\nNULL , NULL \n\" NULL\",x\n", "∅‖∅", "\" NULL\"‖x")]
    [InlineData("a,b\n\u00A01\u3000,\u20032\u00A0\n", "1‖2")]
    [InlineData("a,b\n  \n\t\n1,2\n \n", "1‖2")] // a line of white space is blank
    [InlineData("a\n  \n\t\n1\n \n\" \"\n", "1", "\" \"")]
    [InlineData("a,b\n \"1\" x,2\n3,4\n", "!text follows the closing quote of field 1", "3‖4")]
    [InlineData("a,b\n 1 \"x\" , 2\n", "1 \"x\"‖2")]
    public void White_space_around_values_is_left_out_at_any_chunk_border(string text, params string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var border = 1; border <= bytes.Length; border++)
        {
            var rows = Csv.Read(bytes, Trimmed with { NullValues = ["NULL"] }, [border, bytes.Length], buffer: 16);
            Assert.Equal(expected, rows.Select(r => r.Text));
            Assert.All(rows, r => Assert.DoesNotContain(" ", r.Fields, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(" ", null, "a b\n1 2\n\"x\"  \n", "1‖2", "!the row has 3 fields, 2 fields expected")]
    [InlineData("\t", null, "a\tb\n 1 \t\t\n \t 2\n", "!the row has 3 fields, 2 fields expected", "‖2")]
    [InlineData(" |", null, "a |b\n1  | 2 \n", "1‖2")]
    [InlineData(" ", '\\', "a b\n\\  x\n1\\  2\\ \n", " ‖x", "1 ‖2 ")] // an escaped separator is no white space around a value
    public void A_separator_of_white_space_separates(string separator, char? escape, string text, params string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var border = 1; border <= bytes.Length; border++)
        {
            Assert.Equal(expected, Csv.Read(bytes, Trimmed with { Separator = separator, Escape = escape }, [border, bytes.Length], buffer: 16).Select(r => r.Text));
        }
    }

    [Theory]
    [InlineData(1, "a,b\n1,2\n3,4\ntotal 2\n", "1‖2", "3‖4")]
    [InlineData(2, "a,b\n1,2\n\n3,4\n\ntotal\n\n2,rows\n\n", "1‖2", "3‖4")] // blank lines do not count
    [InlineData(1, "a,b\n1,2\n\"x,\n3\",4\n", "1‖2")] // a row may have several lines
    [InlineData(3, "a,b\n1,2\n3,4\n5,6\n")]
    [InlineData(9, "a,b\n1,2\n")]
    [InlineData(1, "a,b\n1\n2,3\n4,5", "!the row has 1 field, 2 fields expected", "2‖3")]
    [InlineData(1, "a,b\n")]
    public void The_last_rows_are_left_out_at_any_chunk_border(int count, string text, params string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var border = 1; border <= bytes.Length; border++)
        {
            var rows = Read(bytes, new CsvOptions { SkipLastRows = count }, [border, bytes.Length]);
            Assert.Equal(expected, rows.Select(r => r.Text));
        }
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void What_is_left_of_any_file_are_all_its_rows_but_the_last()
    {
        var gen = from c in CsvCase.Any from count in Gen.Choose(1, 6) select (c, count);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Arb.From(gen), g =>
        {
            var (options, bytes) = (g.c.Options with { SkipLastRows = g.count }, g.c.Write().Bytes);
            if (TextEncoding.DetectUnsupported(bytes) is not null)
                return;
            var all = Csv.Read(bytes, g.c.Options);
            Assert.Equal(all.Take(all.Count - g.count), Read(bytes, options, g.c.Chunks));
        }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public async Task Blocks_serve_files_with_footers_and_rejects_within_the_last_rows_are_left_out_too(int count)
    {
        const int Rows = 60_000;
        var text = new StringBuilder("id,name\n");
        for (var i = 0; i < Rows; i++)
            text.Append(i == 40_000 ? "x,bad\n" : $"{i},\"é{i}\"\n");
        for (var i = 0; i < count; i++)
            text.Append(i % 2 == 0 ? "a footer\n" : "y,bad\n");
        var schema = new FeedSchema([new FeedColumn("id", "id", ColumnType.BigInt), new FeedColumn("name", "name", ColumnType.Text)]);
        var assembler = new RowAssembler(schema, Assembly.Options);
        await using var reader = Open(Encoding.UTF8.GetBytes(text.ToString()), new CsvOptions { SkipLastRows = count }, [100_000]);
        var (rows, rejects) = (0, new List<Reject>());
        AssembledBatch batch;
        do
        {
            batch = await assembler.ReadAsync(reader, Assembly.Source, null, 1_000, CancellationToken.None);
            for (var row = 0; row < batch.Rows.Count; row++, rows++)
                Assert.Equal(rows < 40_000 ? rows : rows + 1L, CellValue.From(batch.Rows.Columns[0], row));
            rejects.AddRange(batch.Rejects);
        }
        while (!batch.EndOfFile);
        Assert.Equal((Rows - 1, 40_002), (rows, rejects.Single().Position.Line));
    }

    [Fact]
    public async Task Rows_that_are_held_back_have_a_limit()
    {
        var row = new string('x', 6 * 1024 * 1024) + "\n";
        var bytes = Encoding.UTF8.GetBytes("a\n" + string.Concat(Enumerable.Repeat(row, 4)));
        Assert.Equal(2, (await Csv.ReadAll(Open(bytes, new CsvOptions { SkipLastRows = 2 }, [1_000_000]))).Count);
        var error = await Assert.ThrowsAsync<FeedException>(() => Csv.ReadAll(Open(bytes, new CsvOptions { SkipLastRows = 3 }, [1_000_000])));
        Assert.Equal(("CsvFooterTooLong", 4), (error.Id, error.Position!.Line));
    }

    [Theory]
    [InlineData("# a;b;c\nx,y;z\n1,2;3\n", "#", false, ",")]
    [InlineData("#\n\"a;b\" , x\n\"c;d;e\" , y\n", "#", true, ",")]
    public void The_separator_is_detected_without_comments_and_quotes_behind_white_space(string text, string comment, bool trims, string separator)
    {
        var options = new CsvOptions { Separator = null, CommentPrefix = comment, TrimValues = trims };
        Assert.Equal(separator, SeparatorDetector.Detect(Encoding.UTF8.GetBytes(text), options));
    }

    [Fact]
    public async Task Blocks_of_rows_are_scanned_once_however_many_comments_are_between_them()
    {
        var text = string.Concat(Enumerable.Repeat("1,2\n#1,2\n", 50_000));
        var bytes = Encoding.UTF8.GetBytes("a,b\n" + text);
        await using var reader = new CsvReader(new MemoryStream(bytes), Comments, Csv.Uri);
        var rows = 0;
        while (true)
        {
            if (reader.Ahead() is { } block)
            {
                rows += block.End - block.First;
                reader.Take(block.End - block.First);
                continue;
            }

            var result = reader.Read();
            if (result == ReadResult.End)
                break;
            rows += result == ReadResult.Row ? 1 : 0;
            if (result == ReadResult.NeedsData)
                await reader.FillAsync(CancellationToken.None);
        }

        Assert.Equal(50_000, rows);
        Assert.InRange(reader.BytesScanned, 0, 8L * bytes.Length);
    }

    private static List<Csv.Row> Read(byte[] bytes, CsvOptions options, int[] chunks) => Csv.ReadAll(Open(bytes, options, chunks)).GetAwaiter().GetResult();

    private static RecordReader Open(byte[] bytes, CsvOptions options, int[] chunks)
        => RecordReaders.OpenAsync(new(FileType.Csv, options), new ChunkedStream(bytes, chunks), Csv.Uri, default).AsTask().GetAwaiter().GetResult();
}
