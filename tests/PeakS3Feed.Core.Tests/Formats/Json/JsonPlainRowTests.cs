using System.Text;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Json;

namespace PeakS3Feed.Tests.Formats.Json;

public class JsonPlainRowTests
{
    private readonly JsonFields _fields = new();
    private readonly JsonShape _shape = new();
    private readonly PeakS3Feed.Formats.Record _record = new();
    private readonly JsonPlainRow _plain;
    private readonly JsonRowParser _parser;

    public JsonPlainRowTests()
    {
        var text = new JsonText();
        _plain = new JsonPlainRow(_shape, text);
        _parser = new JsonRowParser(_fields, _shape, text, _record, new InputBuffer(Stream.Null));
    }

    [Theory]
    [InlineData("""{"a":1,"b":"x"}""", """{"a":-0.5e+7,"b":null}""")]
    [InlineData("""{"a":1,"b":"x"}""", """{"a":true,"b":false} and more""")]
    [InlineData("""{"a":1,"b":"x"}""", """{"a":"é, € and a text longer than any vector","b":"\"\u00e9\ud83d\ude00\\"}""")]
    [InlineData("""{"a":1,"b":"x"}""", """{"a":[1,{"b":"]"}],"b":{}}""")]
    [InlineData("""{ "a" : 1 , "b" : "x" }""", """{ "a" : 12345678901234567890 , "b" : "" }""")]
    [InlineData("""{"\u0061":1,"a name longer than sixteen bytes":2}""", """{"\u0061":0,"a name longer than sixteen bytes":0}""")]
    [InlineData("""{"a":1,"b":2,"c":3,"d":4}""", """{"a":1,"d":4}""")]
    [InlineData("""{}""", """{}""")]
    public void Row_written_like_one_before_it_is_taken(string first, string second)
    {
        Assert.Equal(JsonOutcome.Value, Parse(first));
        var bytes = Encoding.UTF8.GetBytes(second);
        Assert.True(TryRead(bytes, out var length));
        var read = Shown(bytes);
        Assert.Equal(JsonOutcome.Value, Parse(second));
        Assert.Null(_parser.Complaint);
        Assert.Equal(_parser.Length, length);
        Assert.Equal(Shown(bytes), read);
    }

    [Theory]
    [InlineData("""{"b":1,"a":2}""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"b":2,"b":3}""")]
    [InlineData("""{"a":1,"b":2,"c":3}""")]
    [InlineData("""{"a":1, "b":2}""")]
    [InlineData("""{"b":1}""")]
    [InlineData("""{}""")]
    [InlineData("""{"a":01,"b":2}""")]
    [InlineData("""{"a":1.,"b":2}""")]
    [InlineData("""{"a":.1,"b":2}""")]
    [InlineData("""{"a":-,"b":2}""")]
    [InlineData("""{"a":1e,"b":2}""")]
    [InlineData("""{"a":+1,"b":2}""")]
    [InlineData("""{"a":nul,"b":2}""")]
    [InlineData("""{"a":True,"b":2}""")]
    [InlineData("""{"a":,"b":2}""")]
    [InlineData("""{"a":1,"b":2,}""")]
    [InlineData("""{"a":1,"b":2""")]
    [InlineData("""{"a":1,"b":"2""")]
    [InlineData("""{"a":1,"b":""")]
    [InlineData("""{"a":[1,"b":2}""")]
    [InlineData("""{"a":[1,],"b":2}""")]
    [InlineData("{\"a\":\"\t\",\"b\":2}")]
    [InlineData("{\"a\":\"\\ud83d\",\"b\":2}")]
    [InlineData("{\"a\":\"\\x\",\"b\":2}")]
    [InlineData("""[{"a":1,"b":2}]""")]
    [InlineData("""{"a":1{"a":1,"b":2}""")]
    [InlineData("""}""")]
    [InlineData(""","b":2}""")]
    [InlineData("")]
    public void Any_other_row_is_left_to_the_parser(string row)
    {
        Assert.Equal(JsonOutcome.Value, Parse("""{"a":1,"b":2}"""));
        Assert.False(TryRead(Encoding.UTF8.GetBytes(row), out _));
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0xC3)]
    public void Row_that_is_not_utf8_is_left_to_the_parser(byte wrong)
    {
        Assert.Equal(JsonOutcome.Value, Parse("""{"a":1,"b":2}"""));
        Assert.False(TryRead([.. "{\"a\":\""u8, wrong, .. "\",\"b\":2}"u8], out _));
        Assert.False(TryRead([.. "{\"a\":[\""u8, wrong, .. "\"],\"b\":2}"u8], out _));
        Assert.False(TryRead([.. "{\"a\":\"\\n"u8, wrong, .. "\",\"b\":2}"u8], out _));
    }

    [Fact]
    public void Row_as_deep_as_one_may_be_is_taken_and_a_deeper_one_is_not()
    {
        Assert.Equal(JsonOutcome.Value, Parse("""{"a":1}"""));
        Assert.True(TryRead(Encoding.UTF8.GetBytes(Deep(JsonRowParser.MaxDepth - 1)), out _));
        Assert.False(TryRead(Encoding.UTF8.GetBytes(Deep(JsonRowParser.MaxDepth)), out _));
    }

    [Fact]
    public void Rows_that_are_never_alike_are_read_all_the_same()
    {
        for (var row = 0; row < 3_000; row++)
        {
            var text = $$"""{"n{{row}}":{{row}},"a":"x"}""";
            Assert.False(TryRead(Encoding.UTF8.GetBytes(text), out _));
            Assert.Equal(JsonOutcome.Value, Parse(text));
            Assert.Null(_parser.Complaint);
        }
    }

    private static string Deep(int depth) => "{\"a\":" + new string('[', depth) + new string(']', depth) + "}";

    private JsonOutcome Parse(string row) => _parser.Parse(Encoding.UTF8.GetBytes(row), 0, isAll: true);

    private bool TryRead(byte[] row, out int length)
    {
        _record.Clear();
        _record.ClearScratch();
        var slices = new FieldSlice[_fields.Names.Count];
        var isRead = _plain.TryRead(row, 0, slices, _record.Unescaped, out length);
        _record.SetFields(slices);
        return isRead;
    }

    private string Shown(byte[] row)
    {
        _record.Buffer = row;
        return string.Join('|', Enumerable.Range(0, _record.Count).Select(f => $"{_record.Slice(f)} {Encoding.UTF8.GetString(_record.Value(f))}"));
    }
}
