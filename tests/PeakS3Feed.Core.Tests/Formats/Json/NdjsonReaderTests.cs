using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Formats.Json;

public class NdjsonReaderTests
{
    [Theory]
    [InlineData("{\"a\":1}\n{\"b\":\"x\",\"a\":2}\n", "a=1", "a=2 b=\"x\"")]
    [InlineData("{\"a\":1}", "a=1")]
    [InlineData("", new string[0])]
    [InlineData("\n  \n\t\r\n", new string[0])]
    [InlineData("\uFEFF{\"a\":1}\n", "a=1")]
    [InlineData("{\"a\":1}\r\n\r\n {\"a\":2} \r\n", "a=1", "a=2")]
    [InlineData("{\"a\":1}\r{\"a\":2}\r", "a=1", "a=2")]
    [InlineData("{\"a\":1}\r\r\n{\"a\":2}\r\r\n", "a=1", "a=2")]
    [InlineData("{\"a\":1}\r\n{\"a\":2}\n\r{\"a\":3}\r", "a=1", "a=2", "a=3")]
    [InlineData("\r\r{\"a\":1}\n\n\r\n12\n", "a=1", "!the row is a number, not an object")]
    [InlineData("{\"a\":1,\r\n", "!the line ends before its object does")]
    [InlineData("{\"a\":\n1}\n", "!the line ends before its object does", "!the row is a number, not an object")]
    [InlineData("{\"a\":1}\n{\"b\":\r2}\n", "a=1", "b=2")]
    [InlineData("{}\n{\"a\":null}\n", "", "a=∅")]
    [InlineData("{\"a\":\"\"}\n", "a=\"\"")]
    [InlineData("{\"a\":1,\"A\":2}\n", "a=1 A=2")]
    [InlineData("{\"\":1}\n", "=1")]
    [InlineData("{\"a\":1.50,\"b\":-0,\"c\":1E400,\"d\":123456789012345678901234567890}\n", "a=1.50 b=-0 c=1E400 d=123456789012345678901234567890")]
    [InlineData("{\"a\":true,\"b\":false}\n", "a=true b=false")]
    [InlineData("{\"a\":{ \"x\": [1, {}] },\"b\":[ ]}\n", "a={ \"x\": [1, {}] } b=[ ]")]
    [InlineData("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"}\n", "a=\"\"\\/\b\f\n\r\té😀\"")]
    [InlineData("{\"\\u0061\":1}\n{\"a\":2}\n", "a=1", "a=2")]
    public void Lines_become_rows(string text, params string[] rows) => Assert.Equal(rows, JsonRows.Read(FileType.Ndjson, text));

    [Theory]
    [InlineData("[1]", "the row is an array, not an object")]
    [InlineData("[{\"a\":1}, ", "the line begins an array and does not end it. If the file is one array, its file type is Json")]
    [InlineData("\"x\"", "the row is a string, not an object")]
    [InlineData("12", "the row is a number, not an object")]
    [InlineData("null", "the row is null, not an object")]
    [InlineData("true", "the row is a boolean, not an object")]
    [InlineData("xyz", "the line is not valid JSON at its byte 1")]
    [InlineData("  xyz", "the line is not valid JSON at its byte 3")]
    [InlineData("{\"a\":1 x}", "the line is not valid JSON at its byte 8")]
    [InlineData("{\"a\":1,}", "the line is not valid JSON at its byte 8")]
    [InlineData("{'a':1}", "the line is not valid JSON at its byte 2")]
    [InlineData("{\"a\":01}", "the line is not valid JSON at its byte 7")]
    [InlineData("{\"a\":NaN}", "the line is not valid JSON at its byte 6")]
    [InlineData("{\"a\":\"\t\"}", "the line is not valid JSON at its byte 7")]
    [InlineData("{\"a\":\"x", "the line ends before its object does")]
    [InlineData("{\"a\":1", "the line ends before its object does")]
    [InlineData("{\"a\"", "the line ends before its object does")]
    [InlineData("{\"a\":1}}", "text follows the object of this line")]
    [InlineData("{\"a\":1} {\"a\":2}", "text follows the object of this line")]
    [InlineData("{\"a\":1},", "text follows the object of this line")]
    [InlineData("{\"a\":1}\0", "text follows the object of this line")]
    public void A_line_that_is_no_object_is_a_reject_and_touches_no_other(string line, string reason)
    {
        var rows = JsonRows.Read(FileType.Ndjson, Encoding.UTF8.GetBytes($"{{\"a\":0}}\n{line}\n{{\"a\":9}}\n"));
        Assert.Equal(["a=0", "!" + reason, "a=9"], rows.Select(r => r.Text));
        Assert.Equal((2, 8, line), (rows[1].Line, rows[1].ByteOffset, rows[1].Raw));
        Assert.Equal((3, 9 + line.Length), (rows[2].Line, rows[2].ByteOffset));
    }

    [Theory]
    [InlineData("{\"id\":1,\"id\":1}", "the row has this field twice", "id")]
    [InlineData("{\"new\":1,\"new\":null}", "the row has this field twice", "new")]
    [InlineData("{\"id\":null,\"\\u0069d\":1}", "the row has this field twice", "id")]
    [InlineData("{\"id\":\"\\ud83d\"}", "the text contains an escaped lone surrogate, which is not a character", "id")]
    [InlineData("{\"id\":\"\\ude00\\ud83d\"}", "the text contains an escaped lone surrogate, which is not a character", "id")]
    [InlineData("{\"\\ud83d\":1}", "a field's name contains an escaped lone surrogate, which is not a character", null)]
    public void What_JSON_allows_and_a_row_does_not_names_the_field(string line, string reason, string? field)
    {
        var rows = JsonRows.Read(FileType.Ndjson, Encoding.UTF8.GetBytes($"{{\"id\":0}}\n{line}\n{{\"id\":9}}\n"));
        Assert.Equal(["id=0", "!" + reason, "id=9"], rows.Select(r => r.Text));
        Assert.Equal(field, rows[1].Field);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_a_reject_wherever_they_stand()
    {
        byte[] text = [.. "{\"a\":\""u8, 0xE9, .. "\"}\n{\""u8, 0xFF, .. "\":\"\\ud83d\"}\n{\"a\":1}\n"u8];
        var rows = JsonRows.Read(FileType.Ndjson, text);
        Assert.Equal(["!the row is not valid UTF-8", "!the row is not valid UTF-8", "a=1"], rows.Select(r => r.Text));
    }

    [Fact]
    public void A_row_that_is_rejected_brings_no_field()
        => Assert.Equal([1, 1, 1, 2], JsonRows.Read(FileType.Ndjson, "{\"a\":1}\n{\"b\":1,\"b\":2}\n{\"b\":1} x\n{\"c\":1}\n"u8.ToArray()).Select(r => r.Fields));

    [Theory]
    [InlineData(1_000, false)]
    [InlineData(1_001, true)]
    [InlineData(500_000, true)]
    public void A_row_can_be_nested_a_thousand_deep(int depth, bool rejected)
    {
        var nested = "{\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}\n{\"a\":1}\n";
        var rows = JsonRows.Read(FileType.Ndjson, nested);
        Assert.Equal(rejected, rows[0] == "!the row is nested more than 1,000 deep");
        Assert.Equal("a=1", rows[1]);
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("")]
    public void A_row_of_16_MiB_passes_and_one_byte_more_fails_the_file(string lineEnd)
    {
        string Row(int bytes) => "{\"a\":\"" + new string('x', bytes - 8) + "\"}" + lineEnd;
        Assert.Equal(RecordReader.MaxRowBytes, JsonRows.Read(FileType.Ndjson, Encoding.UTF8.GetBytes(Row(RecordReader.MaxRowBytes)))[0].Raw.Length);
        foreach (var chunk in new[] { 1_000_000, 65_537, int.MaxValue })
        {
            var error = Assert.Throws<FeedException>(
                () => JsonRows.Read(FileType.Ndjson, Encoding.UTF8.GetBytes("{}\n" + Row(RecordReader.MaxRowBytes + 1)), [chunk]));
            Assert.Equal("JsonRowTooLong", error.Id);
            Assert.Equal(new SourcePosition(JsonRows.Uri, 2, 3), error.Position);
        }
    }

    [Theory]
    [InlineData("UTF-16LE")]
    [InlineData("UTF-16BE")]
    [InlineData("UTF-32LE")]
    public void Another_encoding_fails_the_file(string name)
    {
        var bytes = Encoding.GetEncoding(name).GetBytes("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
        Assert.Equal("EncodingNotUtf8", Assert.Throws<FeedException>(() => JsonRows.Read(FileType.Ndjson, bytes)).Id);
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Names_without_end_fail_the_file()
    {
        var text = string.Concat(Enumerable.Range(0, 16_385).Select(i => $"{{\"n{i}\":1}}\n"));
        var error = Assert.Throws<FeedException>(() => JsonRows.Read(FileType.Ndjson, text));
        Assert.Equal(("JsonTooManyFields", 16_385L), (error.Id, error.Position!.Line));
        var oneRow = "{\"a\":1}\n{" + string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"\"{i}\":1")) + "}\n";
        error = Assert.Throws<FeedException>(() => JsonRows.Read(FileType.Ndjson, oneRow));
        Assert.Equal(("JsonTooManyFields", 2L), (error.Id, error.Position!.Line));
        var longNames = string.Concat(Enumerable.Range(0, 5).Select(i => $"{{\"{i}{new string('n', 1024 * 1024)}\":1}}\n"));
        Assert.Equal("JsonTooManyFields", Assert.Throws<FeedException>(() => JsonRows.Read(FileType.Ndjson, longNames)).Id);
    }
}
