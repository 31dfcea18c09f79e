using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Formats.Json;

public class JsonArrayReaderTests
{
    [Theory]
    [InlineData("[]", new string[0])]
    [InlineData(" \uFEFF", "!JsonNotArray")]
    [InlineData("\uFEFF [ ] \r\n", new string[0])]
    [InlineData("[{\"a\":1},{\"a\":2}]", "a=1", "a=2")]
    [InlineData("\n[\n  {\n    \"a\": [1,\n 2]\n  } ,\r\n {\"b\":\"]\"}\n]\n", "a=[1,\n 2]", "b=\"]\"")]
    [InlineData("[1,\"x\",null,true,[{\"a\":1}],{\"a\":1}]", "!the row is a number, not an object", "!the row is a string, not an object",
        "!the row is null, not an object", "!the row is a boolean, not an object", "!the row is an array, not an object", "a=1")]
    [InlineData("[{\"a\":1,\"a\":2},{\"a\":3}]", "!the row has this field twice", "a=3")]
    [InlineData("[{\"a\":\"\\udc00\"},{\"a\":3}]", "!the text contains an escaped lone surrogate, which is not a character", "a=3")]
    [InlineData("", "!JsonNotArray")]
    [InlineData(" \n ", "!JsonNotArray")]
    [InlineData("{\"a\":1}", "!JsonNotArray")]
    [InlineData("1", "!JsonNotArray")]
    [InlineData("x", "!JsonNotArray")]
    [InlineData("[", "!JsonTruncated")]
    [InlineData("[{\"a\":1}", "a=1", "!JsonTruncated")]
    [InlineData("[{\"a\":1},", "a=1", "!JsonTruncated")]
    [InlineData("[{\"a\":1},{\"a\"", "a=1", "!JsonTruncated")]
    [InlineData("[{\"a\":1},12", "a=1", "!JsonTruncated")]
    [InlineData("[{\"a\":1},tru", "a=1", "!JsonTruncated")]
    [InlineData("[{\"a\":1}]x", "a=1", "!JsonInvalid")]
    [InlineData("[{\"a\":1}][]", "a=1", "!JsonInvalid")]
    [InlineData("[{\"a\":1}]]", "a=1", "!JsonInvalid")]
    [InlineData("[{\"a\":1}]\0", "a=1", "!JsonInvalid")]
    [InlineData("[{\"a\":1}{\"a\":2}]", "a=1", "!JsonInvalid")]
    [InlineData("[{\"a\":1},]", "a=1", "!JsonInvalid")]
    [InlineData("[,{\"a\":1}]", "!JsonInvalid")]
    [InlineData("[{\"a\":1},,{\"a\":2}]", "a=1", "!JsonInvalid")]
    [InlineData("[{\"a\":1,}]", "!JsonInvalid")]
    [InlineData("[truex]", "!the row is a boolean, not an object", "!JsonInvalid")]
    [InlineData("[01]", "!JsonInvalid")]
    [InlineData("[//x\n1]", "!JsonInvalid")]
    [InlineData("[\"\u0001\"]", "!JsonInvalid")]
    public async Task Elements_become_rows_and_what_cannot_be_read_on_fails_the_file(string text, params string[] expected)
    {
        foreach (var chunk in new[] { 1, 3, 1_000 })
            Assert.Equal(expected, await ReadAsync(Encoding.UTF8.GetBytes(text), chunk));
    }

    [Theory]
    [InlineData("[\n {\"a\":1},\n {\"a\":x}]", 3, 18, "there is an unexpected character at byte 7 of the line")]
    [InlineData("[{\"a\":1},{\"b\":\n\n [1 2]}]", 3, 20, "there is an unexpected character at byte 5 of the line")]
    [InlineData("[\r{\"a\":1}\r\n\r\n{\"a\":2}]", 4, 13, "a comma or ] is missing at byte 1 of the line")]
    [InlineData("[{\"a\":1}] x", 1, 10, "there is data after the array at byte 11 of the line")]
    public void An_error_names_the_line_and_the_byte(string text, int line, int offset, string what)
    {
        foreach (var chunk in new[] { 1, 2, 1_000 })
        {
            var error = Assert.Throws<FeedException>(() => JsonRows.Read(FileType.Json, Encoding.UTF8.GetBytes(text), [chunk], buffer: 4));
            Assert.Equal($"{JsonRows.Uri}, line {line} is not valid JSON: {what}.", error.Message);
            Assert.Equal(new SourcePosition(JsonRows.Uri, line, offset), error.Position);
        }
    }

    [Fact]
    public void An_object_at_the_top_suggests_Ndjson()
    {
        var error = Assert.Throws<FeedException>(() => JsonRows.Read(FileType.Json, "\n{\"a\":1}\n{\"a\":2}\n"));
        Assert.Equal(new SourcePosition(JsonRows.Uri, 2, 1), error.Position);
        Assert.Contains("Ndjson", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_closed_is_named_by_its_line()
    {
        var error = Assert.Throws<FeedException>(() => JsonRows.Read(FileType.Json, "[\n{\"a\":1},\n{\"a\":2\n\n"));
        Assert.Equal($"{JsonRows.Uri} ends before its JSON array does. The part that is not closed begins on line 3.", error.Message);
    }

    [Fact]
    public void Rows_have_their_line_offset_and_text()
    {
        var rows = JsonRows.Read(FileType.Json, "\uFEFF[\r\n  {\"a\":\n1}\r\n,\r {\"é\":2} , 3\n]"u8.ToArray());
        Assert.Equal(
            [(2L, 8L, "{\"a\":\n1}"), (5, 21, "{\"é\":2}"), (5, 32, "3")],
            rows.Select(r => (r.Line, r.ByteOffset, r.Raw)));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_a_reject()
    {
        byte[] text = [.. "[{\"a\":\""u8, 0xE9, .. "\"},{\"a\":1}]"u8];
        Assert.Equal(["!the row is not valid UTF-8", "a=1"], JsonRows.Read(FileType.Json, text).Select(r => r.Text));
    }

    [Theory]
    [InlineData(1_000, false)]
    [InlineData(1_001, true)]
    [InlineData(200_000, true)]
    public void A_row_can_be_nested_a_thousand_deep(int depth, bool rejected)
    {
        var nested = "[{\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "},{\"a\":1}]";
        var rows = JsonRows.Read(FileType.Json, nested);
        Assert.Equal(rejected, rows[0] == "!the row is nested more than 1,000 deep");
        Assert.Equal("a=1", rows[1]);
    }

    [Fact]
    public void A_row_of_16_MiB_passes_and_one_byte_more_fails_the_file()
    {
        byte[] Row(int bytes) => Encoding.UTF8.GetBytes("[\n{\"a\":\"" + new string('x', bytes - 8) + "\"}]");
        Assert.Equal(RecordReader.MaxRowBytes, JsonRows.Read(FileType.Json, Row(RecordReader.MaxRowBytes))[0].Raw.Length);
        foreach (var chunk in new[] { 1_000_000, 65_537, int.MaxValue })
        {
            var error = Assert.Throws<FeedException>(() => JsonRows.Read(FileType.Json, Row(RecordReader.MaxRowBytes + 1), [chunk]));
            Assert.Equal("JsonRowTooLong", error.Id);
            Assert.Equal(new SourcePosition(JsonRows.Uri, 2, 2), error.Position);
        }
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData(65_536)]
    [InlineData(int.MaxValue)]
    public void A_row_that_breaks_before_16_MiB_is_not_too_long_however_much_is_in_memory(int chunk)
    {
        var before = $"[\"{new string('x', RecordReader.MaxRowBytes - 100)}\",[{new string(' ', 9_000_000)}";
        var bytes = Encoding.UTF8.GetBytes(before + new string('y', 9_000_000) + "]]");
        var error = Assert.Throws<FeedException>(() => JsonRows.Read(FileType.Json, bytes, [chunk]));
        Assert.Equal(("JsonInvalid", before.Length), (error.Id, error.Position!.ByteOffset));
    }

    // The rows, then the error's id.
    private static async Task<List<string>> ReadAsync(byte[] bytes, int chunk)
    {
        await using var reader = new PeakS3Feed.Formats.Json.JsonArrayReader(new InputBuffer(new ChunkedStream(bytes, chunk), 4), JsonRows.Uri);
        var rows = new List<string>();
        try
        {
            while (reader.Read() is not ReadResult.End and var result)
            {
                if (result == ReadResult.NeedsData)
                    await reader.FillAsync(CancellationToken.None);
                else
                    rows.Add(JsonRows.Snapshot(reader, result).Text);
            }
        }
        catch (FeedException e)
        {
            rows.Add("!" + e.Id);
        }

        return rows;
    }
}
