using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.Staging;

/// <summary>The text of staged rows: what an engine reads back must be what was typed.</summary>
public sealed class CsvRowEncoderTests
{
    private static readonly NullToken Token = new("abcde");

    [Fact]
    public void Every_type_has_one_form()
    {
        FeedSchema schema = new(
        [
            Column("t", ColumnType.Text), Column("j", ColumnType.Json), Column("b", ColumnType.Boolean), Column("i", ColumnType.BigInt),
            Column("m", ColumnType.Decimal, 2), Column("d", ColumnType.Double), Column("a", ColumnType.Date), Column("s", ColumnType.Timestamp),
            Column("z", ColumnType.TimestampTz),
        ]);
        var batch = new RowBatch(schema);
        Text(batch, 0, "plain");
        Text(batch, 1, """{"a": 1}""");
        Fixed<bool>(batch, 2).Append(true);
        Fixed<long>(batch, 3).Append(long.MinValue);
        Fixed<Int128>(batch, 4).Append(-5);
        Fixed<double>(batch, 5).Append(0.1);
        Fixed<int>(batch, 6).Append(-719_162);
        Fixed<long>(batch, 7).Append(1);
        Fixed<long>(batch, 8).Append(-1);
        batch.CompleteRow();
        foreach (var column in batch.Columns)
            column.AppendNull();
        batch.CompleteRow();

        Assert.Equal(
            """
            7,0,plain,"{""a"": 1}",t,-9223372036854775808,-0.05,0.1,0001-01-01,1970-01-01 00:00:00.000001,1969-12-31 23:59:59.999999+00
            7,1,~abcde,~abcde,~abcde,~abcde,~abcde,~abcde,~abcde,~abcde,~abcde

            """, Encode(batch, ordinal: 7));
    }

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData(" ", " ")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("\"", "\"\"\"\"")]
    [InlineData("\"\"x\"", "\"\"\"\"\"x\"\"\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("a\rb", "\"a\rb\"")]
    [InlineData("\\N", "\\N")]
    [InlineData("~abcdf", "~abcdf")]
    [InlineData("~abcde1", "~abcde1")]
    [InlineData("Grüße, 世界", "\"Grüße, 世界\"")]
    public void Text_is_quoted_where_it_must_be(string text, string field) => Assert.Equal($"0,0,{field}\n", Encode(Texts(text)));

    [Fact]
    public void A_text_that_equals_the_token_is_never_written_as_NULL()
        => Assert.Throws<NullTokenInDataException>(() => Encode(Texts("~abcde")));

    [Theory]
    [InlineData("0", 0, "0")]
    [InlineData("7", 1, "0.7")]
    [InlineData("-7", 3, "-0.007")]
    [InlineData("100", 2, "1.00")]
    [InlineData("-99999999999999999999999999999999999999", 0, "-99999999999999999999999999999999999999")]
    [InlineData("99999999999999999999999999999999999999", 37, "9.9999999999999999999999999999999999999")]
    [InlineData("12345678901234567890123", 38, "0.00000000000000012345678901234567890123")]
    public void A_decimal_keeps_all_its_digits(string unscaled, int scale, string field)
    {
        var batch = new RowBatch(new FeedSchema([Column("m", ColumnType.Decimal, scale)]));
        Fixed<Int128>(batch, 0).Append(Int128.Parse(unscaled, CultureInfo.InvariantCulture));
        batch.CompleteRow();
        Assert.Equal($"0,0,{field}\n", Encode(batch));
    }

    [Fact]
    public void CsvHelper_reads_the_same_texts_back()
    {
        var random = new Random(20261129);
        const string Letters = "ab,\"\n\r \\~é世";
        for (var round = 0; round < 200; round++)
        {
            string[] texts = [.. Enumerable.Range(0, 20).Select(_ => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Letters[random.Next(Letters.Length)])))];

            using var reader = new StringReader(Encode(Texts(texts)));
            using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });

            var read = new List<string>();
            while (parser.Read())
                read.Add(parser[2]);
            Assert.Equal(texts, read);
        }
    }

    [Fact]
    public void Rows_that_fill_the_buffer_and_rows_larger_than_it_are_whole()
    {
        string[] texts = [new('x', 100_000), new('"', 300_000), "small", new('y', 250_000), "last"];
        var batch = Texts(texts);
        using var encoder = new CsvRowEncoder(Token);
        var all = new StringBuilder();
        var calls = 0;
        for (var at = 0; at < batch.Count; calls++)
        {
            var rows = encoder.Encode(batch, at, 3, 1000 + at);
            Assert.True(rows > 0);
            at += rows;
            all.Append(Encoding.UTF8.GetString(encoder.Written.Span));
        }

        Assert.True(calls > 1);
        Assert.Equal(
            $"3,1000,{texts[0]}\n3,1001,\"{new string('"', 600_000)}\"\n3,1002,small\n3,1003,{texts[3]}\n3,1004,last\n", all.ToString());
    }

    [Fact]
    public void Tokens_are_random_and_need_no_quotes()
    {
        string[] tokens = [.. Enumerable.Range(0, 100).Select(_ => NullToken.Create().Text)];
        Assert.Equal(100, tokens.Distinct(StringComparer.Ordinal).Count());
        Assert.All(tokens, t => Assert.Matches("^~[a-z2-9]{5}$", t));
    }

    private static string Encode(RowBatch batch, long ordinal = 0)
    {
        using var encoder = new CsvRowEncoder(Token);
        Assert.Equal(batch.Count, encoder.Encode(batch, 0, ordinal, 0));
        return Encoding.UTF8.GetString(encoder.Written.Span);
    }

    private static RowBatch Texts(params string[] texts)
    {
        var batch = new RowBatch(new FeedSchema([Column("t", ColumnType.Text)]));
        foreach (var text in texts)
        {
            Text(batch, 0, text);
            batch.CompleteRow();
        }
        return batch;
    }

    private static FeedColumn Column(string name, ColumnType type, int scale = 0) => new(name, name, type, scale);

    private static void Text(RowBatch batch, int column, string text) => ((Utf8Vector)batch.Columns[column]).Append(Encoding.UTF8.GetBytes(text));

    private static FixedVector<T> Fixed<T>(RowBatch batch, int column)
        where T : unmanaged => (FixedVector<T>)batch.Columns[column];
}
