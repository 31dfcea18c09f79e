using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Tests.Formats.Json;

/// <summary>What RFC 8259 accepts and rejects, as the value of a row's field, in both formats.</summary>
public class JsonGrammarTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-1")]
    [InlineData("1e1")]
    [InlineData("1E+2")]
    [InlineData("1e-2")]
    [InlineData("0e+1")]
    [InlineData("0.1")]
    [InlineData("-0.000000000000000000000000000000000000000000000000000000001")]
    [InlineData("123.456e78")]
    [InlineData("1e99999999999999999999")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("[]")]
    [InlineData("[[]   ]")]
    [InlineData("[\"\",1,null,{},[\"x\"]]")]
    [InlineData("{\"a\":{\"a\":[{}]}}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("[\"\\ud800\",\"\\u0000\"]")]
    public void Tokens_come_back_as_they_stand(string value) => Assert.Equal(["v=" + value], Accepted(value));

    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("\"a/b\\/c\"", "a/b/c")]
    [InlineData("\"\\u0060\\u012a\\u12AB\"", "`Ī\u12ab")]
    [InlineData("\"\\uD801\\udc37\\ud83d\\ude39\\ud83d\\udc8d\"", "\ud801\udc37😹💍")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t")]
    [InlineData("\"\\\\u0000\"", "\\u0000")]
    [InlineData("\"\\u0000\"", "\0")]
    [InlineData("\"\\uDBFF\\uDFFE \\uFFFF\"", "\udbff\udffe \uffff")]
    [InlineData("\"\u007f \u2028\u2029 \uFEFF é😀\"", "\u007f \u2028\u2029 \uFEFF é😀")]
    [InlineData("\"// /* x */\"", "// /* x */")]
    public void Strings_come_back_unescaped(string value, string expected)
        => Assert.Equal([$"v=\"{expected}\""], Accepted(value));

    [Theory]
    [InlineData(" {\t\"v\"\r :\t1 } ")]
    [InlineData("{\"v\":1}")]
    [InlineData("\t{ \"v\" :1}\t")]
    public void White_space_is_passed_over(string row)
    {
        Assert.Equal(["v=1"], JsonRows.Read(FileType.Ndjson, "{}\n" + row + "\n").Skip(1));
        Assert.Equal(["v=1"], JsonRows.Read(FileType.Json, $" \n[\n{row}\n]\n "));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 2")]
    [InlineData("1 true")]
    [InlineData("+1")]
    [InlineData("-")]
    [InlineData("--1")]
    [InlineData("- 1")]
    [InlineData("-01")]
    [InlineData("012")]
    [InlineData("00")]
    [InlineData(".5")]
    [InlineData("-.5")]
    [InlineData("1.")]
    [InlineData("1.e1")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1eE2")]
    [InlineData("1e1.0")]
    [InlineData("1_000")]
    [InlineData("1,000")]
    [InlineData("0x1F")]
    [InlineData("1a")]
    [InlineData("１")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("nan")]
    [InlineData("True")]
    [InlineData("nul")]
    [InlineData("nullx")]
    [InlineData("undefined")]
    [InlineData("x")]
    [InlineData("'x'")]
    [InlineData("“x”")]
    [InlineData("`x`")]
    [InlineData("[,]")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[1,,2]")]
    [InlineData("[1 2]")]
    [InlineData("[1:2]")]
    [InlineData("[1}")]
    [InlineData("[1")]
    [InlineData("]")]
    [InlineData("[*]")]
    [InlineData("[<null>]")]
    [InlineData("{]")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{\"a\",1}")]
    [InlineData("{\"a\"::1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{,\"a\":1}")]
    [InlineData("{\"a\":1,,\"b\":2}")]
    [InlineData("{\"a\":1 \"b\":2}")]
    [InlineData("{\"a\":1 #x\n}")]
    [InlineData("{\"a\":1 /*x*/}")]
    [InlineData("{a:1}")]
    [InlineData("{1:1}")]
    [InlineData("{null:1}")]
    [InlineData("{[]:1}")]
    [InlineData("{\"a\":1")]
    [InlineData("\"x")]
    [InlineData("\"\\\"")]
    [InlineData("\"\\\\\\\"")]
    [InlineData("\"\\a\"")]
    [InlineData("\"\\'\"")]
    [InlineData("\"\\x00\"")]
    [InlineData("\"\\u\"")]
    [InlineData("\"\\u00A\"")]
    [InlineData("\"\\u00G0\"")]
    [InlineData("\"\\U0041\"")]
    [InlineData("\"\\ud83d\\u\"")]
    [InlineData("\"\\ \"")]
    [InlineData("\"\\😀\"")]
    [InlineData("\"\t\"")]
    [InlineData("\"\u0000\"")]
    [InlineData("\"\u001f\"")]
    [InlineData("\"\b\"")]
    [InlineData("\u00A01")]
    [InlineData("\f1")]
    [InlineData("\u000b1")]
    [InlineData("\u20601")]
    public void What_is_not_JSON_is_a_reject_on_a_line_and_fails_an_array(string value)
    {
        var row = $"{{\"v\":{value}}}";
        var lines = JsonRows.Read(FileType.Ndjson, $"{{}}\n{row.Replace('\n', ' ')}\n{{}}\n");
        Assert.Equal(["", ""], new[] { lines[0], lines[2] });
        Assert.Matches("^!(the line|text follows)", lines[1]);
        var id = Assert.Throws<FeedException>(() => JsonRows.Read(FileType.Json, $"[{{}},{row},{{}}]")).Id;
        Assert.Contains(id, new[] { "JsonInvalid", "JsonTruncated" });
    }

    [Theory]
    [InlineData(new byte[] { 0xE5 })]
    [InlineData(new byte[] { 0x81 })]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xE0, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0xBF, 0xBF, 0xBF })]
    [InlineData(new byte[] { 0xFC, 0x80, 0x80, 0x80, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xFF, 0xFE })]
    public void Bytes_that_are_no_character_are_a_reject(byte[] value)
    {
        byte[] row = [.. "{\"v\":\""u8, .. value, .. "\"}"u8];
        Assert.Equal(["", "!the row is not valid UTF-8", ""], JsonRows.Read(FileType.Ndjson, [.. "{}\n"u8, .. row, .. "\n{}\n"u8]).Select(r => r.Text));
        Assert.Equal(["", "!the row is not valid UTF-8", ""], JsonRows.Read(FileType.Json, [.. "[{},"u8, .. row, .. ",{}]"u8]).Select(r => r.Text));
    }

    private static string[] Accepted(string value)
    {
        var row = $"{{\"v\":{value}}}";
        var line = JsonRows.Read(FileType.Ndjson, row + "\n");
        foreach (var chunk in new[] { 1, 2, 5 })
        {
            Assert.Equal(line, JsonRows.Read(FileType.Ndjson, Encoding.UTF8.GetBytes(row + "\n"), [chunk], 4).Select(r => r.Text));
            Assert.Equal(line, JsonRows.Read(FileType.Json, Encoding.UTF8.GetBytes($"[{row}]"), [chunk], 4).Select(r => r.Text));
        }

        return line;
    }
}
