using System.Text;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Opening;

namespace PeakS3Feed.Tests.Formats;

public class RecordReadersTests
{
    private static readonly CsvOptions Auto = new() { Separator = null };

    [Theory]
    [InlineData("a,b\n1,2\n", ",")]
    [InlineData("a;b\n1,5;2\n3,5;4\n", ";")]
    [InlineData("a\tb\n1\t2\n", "\t")]
    [InlineData("a|b\n1|2\n", "|")]
    [InlineData("\uFEFFa|b\n\"x,y\"|2\n", "|")]
    [InlineData("a\n1\n", ",")]
    [InlineData("", ",")]
    public async Task A_separator_is_detected(string text, string separator)
    {
        var reader = await Open(Encoding.UTF8.GetBytes(text), Auto);
        Assert.Equal(separator, Assert.IsType<CsvReader>(reader).Separator);
        Assert.DoesNotContain(await Csv.ReadAll(reader), r => r.Text.StartsWith('!'));
    }

    [Theory]
    [InlineData("a;b\n\n1;2\n\r\n3;4\n", ";", '"', null)]                      // blank lines are no lines
    [InlineData("a;b\n1;2\n\u001a", ";", '"', null)]                           // not in every line, but the header has it
    [InlineData("a|b\n*x,y;z\nq*|2\n", "|", '*', null)]
    [InlineData("a;b\n\"x\\\";,\"|,\";1\n", ";", '"', '\\')]
    [InlineData("a;b\nc\\,,d\\,;e\n", ";", '"', '\\')]
    [InlineData("a,b;\"c\n1,2;\"d\n", ",", null, null)]                         // no quotes: nothing is hidden by them
    [InlineData("a;b\n\"1\"\"2,,\";5\" disk\n3;6\" disk\n", ";", '"', null)]
    [InlineData("a|b|c;\nd|e|f;\n", ";", '|', null)]
    [InlineData("a\tb\n\"never closed\t,,,\n,,,\n", "\t", '"', null)]
    [InlineData("name;price\nx;1,5\ny;2,5\n", ";", '"', null)]
    [InlineData("a;b", ";", '"', null)]
    [InlineData("\n\n", ",", '"', null)]
    public void A_separator_is_detected_in_any_dialect(string text, string separator, char? quote, char? escape)
        => Assert.Equal(separator, SeparatorDetector.Detect(Encoding.UTF8.GetBytes(text), Auto with { Quote = quote, Escape = escape }));

    [Fact]
    public async Task Lines_passed_over_do_not_count_in_the_detection()
    {
        var reader = await Open("x,y,z\r\nx,y,z\r\na;b\r\n1;2\r\n"u8.ToArray(), Auto with { SkipRows = 2 });
        Assert.Equal(["1‖2"], (await Csv.ReadAll(reader)).Select(r => r.Text));
    }

    [Fact]
    public async Task Detection_loses_nothing_of_a_large_file()
    {
        var lines = Enumerable.Range(0, 50_000).Select(i => $"{i}|{i % 7},{i % 3}\n");
        var rows = await Csv.ReadAll(await Open(Encoding.UTF8.GetBytes("a|b\n" + string.Concat(lines)), Auto));
        Assert.Equal(50_000, rows.Count);
        Assert.Equal("49999|" + (49_999 % 7) + ",1", rows[^1].Raw);
    }

    [Fact]
    public async Task Every_file_type_has_its_reader()
    {
        Assert.Equal(["1"], await Values(FileType.Csv, "a\n1\n"));
        Assert.Equal(["1"], await Values(FileType.Json, "[{\"a\":1}]"));
        Assert.Equal(["1"], await Values(FileType.Ndjson, "{\"a\":1}\n"));
    }

    [Theory]
    [InlineData("Comma", ",")]
    [InlineData("tab", "\t")]
    [InlineData("PIPE", "|")]
    [InlineData("semicolon", ";")]
    [InlineData("Space", " ")]
    [InlineData("Auto", null)]
    [InlineData("\\t", "\t")]
    [InlineData("`t", "\t")]
    [InlineData("::", "::")]
    [InlineData("\\T", "\t")]
    [InlineData("a\\tb\\t", "a\tb\t")]
    [InlineData("a`tb", "a`tb")]
    [InlineData("Ş", "Ş")]
    public void Separators_have_names(string text, string? separator) => Assert.Equal(separator, CsvSeparator.Parse(text));

    [Theory]
    [InlineData("a.csv", ",")]
    [InlineData("in/a.TSV", "\t")]
    [InlineData("a.tsv.gz", "\t")]
    [InlineData("a.psv.GZIP", "|")]
    [InlineData("a.tsv/b.txt", ",")]
    [InlineData("tsv", ",")]
    public void A_file_without_a_given_separator_has_that_of_its_extension(string name, string separator)
    {
        Assert.Equal(separator, CsvSeparator.For(new CsvOptions(), "s3://bucket/" + name));
        Assert.Equal(",", CsvSeparator.For(new CsvOptions { Separator = "," }, name));
        Assert.Null(CsvSeparator.For(Auto, name));
    }

    [Theory]
    [InlineData(";", "Semicolon")]
    [InlineData(" ", "Space")]
    [InlineData(",", "Comma")]
    [InlineData("\t", "Tab")]
    [InlineData("|", "Pipe")]
    [InlineData(null, "Auto")]
    [InlineData("~|~", "~|~")]
    public void A_separator_is_typed_as_a_word_where_there_is_one(string? separator, string word)
    {
        Assert.Equal(word, CsvSeparator.Word(separator));
        Assert.Equal(separator, CsvSeparator.Parse(word));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(",")]
    [InlineData("\t")]
    [InlineData("|")]
    [InlineData("a\tb")]
    [InlineData("`")]
    public void A_separator_is_written_so_that_it_is_read_again(string? separator) => Assert.Equal(separator, CsvSeparator.Parse(CsvSeparator.Format(separator)));

    private static async Task<IEnumerable<string>> Values(FileType type, string text)
        => (await Csv.ReadAll(await RecordReaders.OpenAsync(new(type, Auto), new ChunkedStream(Encoding.UTF8.GetBytes(text)), Csv.Uri, default))).Select(r => r.Text);

    private static ValueTask<RecordReader> Open(byte[] bytes, CsvOptions options)
        => RecordReaders.OpenAsync(new(FileType.Csv, options), new ChunkedStream(bytes, 1_000), Csv.Uri, default);
}
