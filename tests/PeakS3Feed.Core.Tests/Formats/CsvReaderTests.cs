using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Formats;

public class CsvReaderTests
{
    private static readonly CsvOptions NoHeader = new() { HasHeader = false };

    public static TheoryData<string, string[]> Rows => new()
    {
        { "a,b\n1,2\n3,4\n", ["1‖2", "3‖4"] },
        { "a,b\n1,2\n3,4", ["1‖2", "3‖4"] },
        { "a,b\r\n1,2\r\n3,4\r\n", ["1‖2", "3‖4"] },
        { "a,b\r1,2\r3,4\r", ["1‖2", "3‖4"] },
        { "a,b\n1,2\r\n3,4\n", ["1‖2", "3‖4"] },                               // a CR before LF belongs to the line end
        { "a,b\n1\rx,2\n", ["1\rx‖2"] },                                        // any other CR is data
        { "a,b\n1,2\r", ["1‖2\r"] },
        { "a,b\n1,\"2\"\r\n3,4\n", ["1‖\"2\"", "3‖4"] },
        { "a,b\r\n1,2\n3,4\r\n", ["1‖2", "3‖4"] },                                    // CR LF lines: LF alone ends a row too
        { "a,b\r\n1\rx,2\r\n", ["1\rx‖2"] },
        { "a,b\r1\nx,2\r", ["1\nx‖2"] },                                        // CR lines: LF is data
        { "a,b\r\r1,2\r", ["1‖2"] },
        { "a,b\n\n\r\n1,2\n\n", ["1‖2"] },                                      // blank lines
        { "\n\na,b\n1,2\n", ["1‖2"] },
        { "a,b\n,\n", ["‖"] },
        { "a,b\n\"\",\n", ["\"\"‖"] },
        { "a\n\"\"\n \n", ["\"\"", " "] },
        { "a,b\n\"1,2\",\"3\n4\"\n", ["\"1,2\"‖\"3\n4\""] },
        { "a,b\n\"1\"\"2\",\"\"\"\"\n", ["\"1\"2\"‖\"\"\""] },
        { "a,b\n1\"2,\"3\"\n", ["1\"2‖\"3\""] },                                // a quote inside an unquoted field
        { "a,b\n \"1\",2\n", [" \"1\"‖2"] },
        { "a,b\n\"1\"x,2\n3,4\n", ["!text follows the closing quote of field 1", "3‖4"] },
        // A badly quoted row is its first line; what stands behind that is read by itself.
        { "a,b\n\"1\" ,\"2\n2\"\n3,4\n", ["!text follows the closing quote of field 1", "!the row has 1 field, 2 fields expected", "3‖4"] },
        { "a,b\n1,\"\n2,\"x\"\n3,y\n", ["!text follows the closing quote of field 2 on line 3", "2‖\"x\"", "3‖y"] },
        { "a,b\n1,\"z\n2,y\n3,\"x\"\n", ["!text follows the closing quote of field 2 on line 4", "2‖y", "3‖\"x\""] },
        { "a,b\n\"1,x\n2,y\"\n3,z\n", ["!the row has 1 field up to line 3, 2 fields expected", "2‖y\"", "3‖z"] },
        { "a,b,c\r\n\"1,x,y\r\n2,y,\"z\"\r\n3,z,\"\"\r\n", ["!text follows the closing quote of field 1 on line 3", "2‖y‖\"z\"", "3‖z‖\"\""] },
        { "a,b\n1,\"q\"x,\"never closed\n2,y\n", ["!text follows the closing quote of field 2", "2‖y"] },
        { "a,b\n1\n1,2,3\n3,4\n", ["!the row has 1 field, 2 fields expected", "!the row has 3 fields, 2 fields expected", "3‖4"] },
        { "a,b\n1,\"2\"", ["1‖\"2\""] },
        { "a,b\n1,", ["1‖"] },
        { "\uFEFFa,b\n1,2\n", ["1‖2"] },
        { "\uFEFF\"a\",b\n1,2\n", ["1‖2"] },
        { "\"a\rx\",b\r\n1\r,2\r\n", ["1\r‖2"] },                               // the first line end outside quotes counts
        { "a,b\n1,\0\n", ["1‖\0"] },
        { "a,b\nä,😀\n", ["ä‖😀"] },
        { "a,b\n", [] },
        { "a,b", [] },
        { "", [] },
        { "\n\n", [] },
        { "\uFEFF", [] },
    };

    public static TheoryData<CsvOptions, string, string[]> Dialects => new()
    {
        { NoHeader with { Separator = "::" }, "a:b::c:::d\n", ["a:b‖c‖:d"] },
        { NoHeader with { Separator = "¦" }, "a¦Âb\n", ["a‖Âb"] },
        { NoHeader with { Separator = "\t" }, "a\t\"b\tc\"\n", ["a‖\"b\tc\""] },
        { NoHeader with { Separator = "=>" }, "\"a\"=>\"b\"\n=>=\n", ["\"a\"‖\"b\"", "‖="] },
        { NoHeader with { Quote = '\'' }, "'a,''b',\"c\"\n", ["\"a,'b\"‖\"c\""] },
        { NoHeader with { Quote = null }, "\"a,b\"\n", ["\"a‖b\""] },
        { NoHeader with { Escape = '\\' }, "\"a\\\"b\",c\\,d,\\\\,\\N\n", ["\"a\"b\"‖c,d‖\\‖\\N"] },
        { NoHeader with { Escape = '\\' }, "\"a\\nb\\\\\",\"\\\n\"\n", ["\"a\\nb\\\"‖\"\n\""] },
        { NoHeader with { Escape = '\\' }, "a\\\nb,\\\"c\n", ["a\nb‖\"c"] },
        { NoHeader with { Escape = '\\' }, "a,b\r\nc\\\r\nd,e\r\n", ["a‖b", "c\r\nd‖e"] },
        { NoHeader with { Escape = '\\' }, "a,b\nc\\\r\nd,e\n", ["a‖b", "c\r\nd‖e"] },
        { NoHeader with { Escape = '\\' }, "a,b\\", ["a‖b\\"] },
        { NoHeader with { Escape = '\\' }, "\"a\"\"b\"\nc\n", ["!text follows the closing quote of field 1", "c"] },
        { NoHeader with { Escape = '"' }, "\"a\"\"b\"\n", ["\"a\"b\""] },
        { NoHeader with { Escape = '\\', Separator = "::" }, "a\\::b::c\\:d\n", ["a::b‖c\\:d"] },
        { NoHeader with { NullValues = ["\\N", "NULL", "ø"] }, "\\N,NULL,\"NULL\",null,NULL ,ø\n", ["∅‖∅‖\"NULL\"‖null‖NULL ‖∅"] },
        { NoHeader with { EmptyAsNull = true }, "\"\",x,\n\"\",\"\"\"\",\" \"\n", ["∅‖x‖", "∅‖\"\"\"‖\" \""] },
        { NoHeader with { NullValues = ["\\N"], Escape = '\\' }, "\\N,\\\\N\n", ["∅‖\\N"] },
        { new CsvOptions { SkipRows = 2 }, "a \"report\nof, today\r\nx,y\n1,2\n", ["1‖2"] },
        { new CsvOptions { SkipRows = 1 }, "\rx,y\r\n1,2\r\n", ["1‖2"] },
        { new CsvOptions { SkipRows = 9 }, "x,y\n1,2\n", [] },
        { new CsvOptions { ColumnNames = ["p", "q"] }, "1,2\n3\n", ["1‖2", "!the row has 1 field, 2 fields expected"] },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Rows_are_read(string text, string[] expected) => Assert.Equal(expected, Csv.Read(text));

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Dialects_are_read(CsvOptions options, string text, string[] expected) => Assert.Equal(expected, Csv.Read(text, options));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Chunks_do_not_matter(string text, string[] expected) => AssertAnyChunks(text, new CsvOptions(), expected);

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Chunks_do_not_matter_in_dialects(CsvOptions options, string text, string[] expected) => AssertAnyChunks(text, options, expected);

    [Theory]
    [InlineData("a,b\n1,2\n", "a,b")]
    [InlineData("a,,c, \n1,2,3,4\n", "a,column_2,c,column_4")]
    [InlineData("a,a,a_2,a\n1,2,3,4\n", "a,a_3,a_2,a_4")]
    [InlineData("\uFEFFid,A,a\n1,2,3\n", "id,A,a")]
    [InlineData(",column_1\n1,2\n", "column_1_2,column_1")]
    [InlineData("column_2,\n1,2\n", "column_2,column_2_2")]
    [InlineData("a,a_2,a,a\n1,2,3,4\n", "a,a_2,a_3,a_4")]
    public void Every_field_has_a_name_of_its_own(string text, string fields) => Assert.Equal(fields, Csv.Read(Encoding.UTF8.GetBytes(text))[0].Fields);

    [Fact]
    public void Without_a_header_fields_are_numbered_by_the_first_good_row()
    {
        var rows = Csv.Read("\"x\"y\n1,2,3\n4\n"u8.ToArray(), NoHeader);
        Assert.Equal(["!text follows the closing quote of field 1", "1‖2‖3", "!the row has 1 field, 3 fields expected"], rows.Select(r => r.Text));
        Assert.Equal("column_1,column_2,column_3", rows[1].Fields);
    }

    [Fact]
    public void Positions_are_exact()
    {
        var rows = Csv.Read("\uFEFFa,b\n\n1,\"x\ny\r\nz\"\n\"q\"w,\"\"\r\n3,4"u8.ToArray());
        Assert.Equal([(3L, 8L), (6L, 19L), (7L, 28L)], rows.Select(r => (r.Line, r.ByteOffset)));
        Assert.Equal("\"q\"w,\"\"", rows[1].Raw);
    }

    [Fact]
    public void In_files_of_cr_lf_each_lf_is_a_line_and_in_files_of_cr_each_cr()
    {
        Assert.Equal([2, 4], Csv.Read("a,b\r\n1\n,2\r\n3,4\r\n"u8.ToArray(), new CsvOptions { LineEnd = CsvLineEndRule.CrLf }).Select(r => r.Line));
        Assert.Equal([2, 4], Csv.Read("a,b\r\"1\r\",2\r3,4\r"u8.ToArray()).Select(r => r.Line));
        Assert.Equal([3, 4], Csv.Read("x\ra,b\r\n1,2\r\n3,4\r\n"u8.ToArray(), new CsvOptions { SkipRows = 1 }).Select(r => r.Line));
    }

    [Fact]
    public void A_row_that_is_not_utf8_is_malformed()
    {
        byte[] bytes = [.. "a,b\n1,"u8, 0xE4, .. "\n3,4\n"u8];
        Assert.Equal(["!the row is not valid UTF-8", "3‖4"], Csv.Read(bytes).Select(r => r.Text));
    }

    [Theory]
    [InlineData("UTF-16LE", 1200, true)]
    [InlineData("UTF-16LE", 1200, false)]
    [InlineData("UTF-16BE", 1201, true)]
    [InlineData("UTF-16BE", 1201, false)]
    [InlineData("UTF-32LE", 12000, true)]
    [InlineData("UTF-32LE", 12000, false)]
    [InlineData("UTF-32BE", 12001, true)]
    [InlineData("UTF-32BE", 12001, false)]
    public void Other_encodings_are_an_error_that_names_them(string name, int codePage, bool mark)
    {
        var encoding = Encoding.GetEncoding(codePage);
        byte[] bytes = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes("id,name\n1,Zoë\n")];
        var error = Assert.Throws<FeedException>(() => Csv.Read(bytes));
        Assert.Equal("EncodingNotUtf8", error.Id);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,\"4\n5,6\n", 3)]
    [InlineData("a,b\n1,\"x\ny\"\n\"3\n\",\"4\n5,6\n", 5)]
    public void A_quote_never_closed_names_the_line_where_it_opens(string text, long line)
    {
        var error = Assert.Throws<FeedException>(() => Csv.Read(text));
        Assert.Equal("CsvQuoteNotClosed", error.Id);
        Assert.Equal(line, error.Position!.Line);
        Assert.Equal((byte)'"', Encoding.UTF8.GetBytes(text)[error.Position.ByteOffset]);
    }

    [Theory]
    [InlineData(RecordReader.MaxRowBytes, "\n", false)]
    [InlineData(RecordReader.MaxRowBytes, "\r\n", false)]
    [InlineData(RecordReader.MaxRowBytes, "", false)]
    [InlineData(RecordReader.MaxRowBytes + 1, "\n", true)]
    [InlineData(RecordReader.MaxRowBytes + 1, "", true)]
    [InlineData(RecordReader.MaxRowBytes + 500_000, "\n", true)]
    public void A_row_of_16_MiB_is_the_longest(int length, string lineEnd, bool fails)
    {
        byte[] bytes = [.. "a\nx\n"u8, .. Enumerable.Repeat((byte)'y', length), .. Encoding.ASCII.GetBytes(lineEnd)];
        if (!fails)
        {
            Assert.Equal(length, Csv.Read(bytes, chunks: [70_001])[1].Raw.Length);
            return;
        }

        var error = Assert.Throws<FeedException>(() => Csv.Read(bytes, chunks: [70_001]));
        Assert.Equal("CsvRowTooLong", error.Id);
        Assert.Equal(3, error.Position!.Line);
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_quoted_field_of_16_MiB_with_its_quotes_is_the_longest(int more)
    {
        // Doubled quotes, so that the value is not a slice of the file.
        byte[] bytes = [.. "a\n\""u8, .. Enumerable.Repeat((byte)'"', RecordReader.MaxRowBytes - 2), .. Enumerable.Repeat((byte)'y', more), .. "\"\n1\n"u8];
        var (rows, error) = Csv.ReadToTheEnd(bytes, new CsvOptions(), 300_001);
        Assert.Equal(more == 0 ? null : "CsvRowTooLong", error?.Id);
        Assert.Equal(more == 0 ? [RecordReader.MaxRowBytes, 1] : [], rows.Select(r => r.RawLength));
        if (more == 0)
            Assert.Equal((RecordReader.MaxRowBytes / 2) + 1, rows[0].Text.Length);
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void A_quote_never_closed_is_named_however_far_the_file_goes_on()
    {
        byte[] bytes = [.. "a,b\n1,2\n3,\""u8, .. Enumerable.Repeat("x,y\n"u8.ToArray(), 2_500_000).SelectMany(line => line)];
        var (rows, error) = Csv.ReadToTheEnd(bytes, new CsvOptions(), 1_000_003);
        Assert.Equal(["1‖2"], rows.Select(r => r.Text));
        Assert.Equal(("CsvQuoteNotClosed", 3L, 10L), (error!.Id, error.Position!.Line, error.Position.ByteOffset));
    }

    [Fact]
    public void A_quote_open_for_more_than_16_MiB_is_named_with_the_long_row()
    {
        byte[] bytes = [.. "a,b\n\"x\ny\",\""u8, .. Enumerable.Repeat((byte)'\n', RecordReader.MaxRowBytes + 1_000_000), .. "\"\n"u8];
        var error = Assert.Throws<FeedException>(() => Csv.Read(bytes, chunks: [1_000_000]));
        Assert.Equal("CsvRowTooLong", error.Id);
        Assert.Contains("opens on line 3", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"a\"b,c\n1,2\n", "CsvHeaderInvalid")]
    [InlineData("\"a\n", "CsvQuoteNotClosed")]
    public void A_header_that_cannot_be_read_is_an_error(string text, string id) => Assert.Equal(id, Assert.Throws<FeedException>(() => Csv.Read(text)).Id);

    [Theory]
    [InlineData("sep=;\r\na;b\r\n1;2\r\n", ";")]
    [InlineData("\uFEFFsep=;\na;b\n", ",")]
    [InlineData("\"SEP=\t\"\na\tb\n", "\t")]
    public void The_line_that_tells_Excel_the_separator_is_named(string text, string separator)
    {
        var error = Assert.Throws<FeedException>(() => Csv.Read(text, new CsvOptions { Separator = separator }));
        Assert.Equal("CsvHeaderInvalid", error.Id);
        Assert.Contains("Excel", error.Message, StringComparison.Ordinal);
        Assert.Contains(error.ForFeed("orders").Remedies, r => r.Shell == "peaks3feed set orders csv.skipRows=1");
    }

    [Theory]
    [InlineData("sep=;x\n1\n")]
    [InlineData("sep=\n1\n")]
    public void What_only_looks_like_it_is_a_header(string text) => Assert.Equal(["1"], Csv.Read(text));

    [Fact]
    public void A_header_in_Latin_1_is_an_error_that_helps()
    {
        var error = Assert.Throws<FeedException>(() => Csv.Read(Encoding.Latin1.GetBytes("Größe,b\n1,2\n")));
        Assert.Equal("CsvHeaderInvalid", error.Id);
        Assert.Contains("Windows-1252", error.Hint, StringComparison.Ordinal);
        Assert.Equal("Set-S3Feed -Name f -Encoding Windows1252", error.ForFeed("f").Remedies[0].Cmdlet);
    }

    [Fact]
    public void Equal_names_in_a_header_are_numbered_however_many()
    {
        var header = string.Join(',', Enumerable.Repeat("a", CsvReader.MaxFields));
        var row = new string(',', CsvReader.MaxFields - 1);
        Assert.EndsWith(",a_16383,a_16384", Csv.Read(Encoding.UTF8.GetBytes($"{header}\n{row}\n"))[0].Fields, StringComparison.Ordinal);
    }

    [Fact]
    public void More_fields_than_a_spreadsheet_has_columns_are_an_error()
        => Assert.Equal("CsvTooManyFields", Assert.Throws<FeedException>(() => Csv.Read(new string(',', CsvReader.MaxFields))).Id);

    [Theory]
    [InlineData("", '"', null)]
    [InlineData("a\n", '"', null)]
    [InlineData("a\"", '"', null)]
    [InlineData("\\", '"', '\\')]
    [InlineData(",", 'ä', null)]
    public void Dialects_that_contradict_themselves_are_refused(string separator, char quote, char? escape)
        => Assert.Equal(
            "CsvDialectInvalid",
            Assert.Throws<FeedException>(() => Csv.Read("", new CsvOptions { Separator = separator, Quote = quote, Escape = escape })).Id);

    private static void AssertAnyChunks(string text, CsvOptions options, string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var whole = Csv.Read(bytes, options);
        for (var size = 1; size <= Math.Min(9, bytes.Length); size++)
        {
            var cut = Csv.Read(bytes, options, [size], buffer: 16);
            Assert.Equal(expected, cut.Select(r => r.Text));
            Assert.Equal(whole, cut);
        }
    }
}
