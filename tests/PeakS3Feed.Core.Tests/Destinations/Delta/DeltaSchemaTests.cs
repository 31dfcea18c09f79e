using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.Delta;

/// <summary>Schemas, the protocol that they need, properties and paths.</summary>
public sealed class DeltaSchemaTests
{
    [Fact]
    public void Each_type_has_a_name_and_is_found_by_it()
    {
        FeedColumn[] columns =
        [
            new("a", "a", ColumnType.Text), new("b", "b", ColumnType.Boolean), new("c", "c", ColumnType.BigInt), new("d", "d", ColumnType.Decimal, 5),
            new("e", "e", ColumnType.Double), new("f", "f", ColumnType.Date), new("g", "g", ColumnType.Timestamp),
            new("h", "h", ColumnType.TimestampTz, 0, Nullable: false), new("i", "i", ColumnType.Json),
        ];
        var schema = DeltaSchema.Parse(DeltaSchema.From(columns).ToJson());
        Assert.Equal(
            ["\"string\"", "\"boolean\"", "\"long\"", "\"decimal(38,5)\"", "\"double\"", "\"date\"", "\"timestamp_ntz\"", "\"timestamp\"", "\"string\""],
            schema.Fields.Select(f => f.Type));
        Assert.All(schema.Fields, f => Assert.True(f.Nullable));
        foreach (var (column, field) in columns.Zip(schema.Fields))
        {
            Assert.True(field.Takes(column));
            Assert.Equal((column.Type == ColumnType.Json ? ColumnType.Text : column.Type, column.Scale), field.FindColumnType());
        }
        Assert.False(schema.Fields[3].Takes(columns[3] with { Scale = 4 }));
        Assert.Same(schema.Fields[2], schema.Find("C"));
        Assert.Equal(10, schema.With([new("j", "j", ColumnType.Text)]).Fields.Count);
    }

    [Fact]
    public void What_other_engines_wrote_stays()
    {
        const string Foreign = """{"type":"struct","fields":[{"name":"a b","type":{"type":"map","keyType":"string","valueType":"long","valueContainsNull":true},"nullable":false,"metadata":{"comment":"ö","x":{"y":1}}},{"name":"n","type":"short","nullable":true,"metadata":{}}]}""";
        var schema = DeltaSchema.Parse(Foreign);
        Assert.Equal(Foreign, schema.ToJson());
        Assert.Null(schema.Fields[0].FindColumnType());
        Assert.Equal((ColumnType.BigInt, 0), schema.Fields[1].FindColumnType());
        Assert.Equal((ColumnType.Decimal, 2), new DeltaField("x", "\"decimal(10,2)\"").FindColumnType());
        Assert.Null(new DeltaField("x", "\"decimal(10)\"").FindColumnType());
        Assert.True(schema.Fields[0].HasMetadata("comment"));
        foreach (var wrong in (string[])["", "[]", "{}", """{"type":"struct"}""", """{"type":"array","fields":[]}""", """{"type":"struct","fields":[{"name":"a"}]}"""])
            Assert.Equal("DeltaLogInvalid", Assert.Throws<FeedException>(() => DeltaSchema.Parse(wrong)).Id);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData("a=b")]
    [InlineData("a\tb")]
    [InlineData("")]
    public void A_name_that_Spark_cannot_write_is_not_written(string name)
        => Assert.Throws<InvalidOperationException>(() => DeltaSchema.From([new(name, name, ColumnType.Text)]));

    [Fact]
    public void Names_that_differ_in_case_are_one()
        => Assert.Throws<InvalidOperationException>(() => DeltaSchema.From([new("a", "a", ColumnType.Text), new("A", "A", ColumnType.Text)]));

    [Fact]
    public void Only_a_time_without_a_zone_needs_a_feature()
    {
        FeedColumn zoned = new("a", "a", ColumnType.TimestampTz), local = new("b", "b", ColumnType.Timestamp);
        Assert.Equal(new DeltaProtocol(1, 2), DeltaFeatures.Require([zoned]));
        var needed = DeltaFeatures.Require([zoned, local]);
        Assert.Equal((3, 7), (needed.MinReaderVersion, needed.MinWriterVersion));
        Assert.Equal(["timestampNtz"], needed.ReaderFeatures!);
        Assert.Equal(["appendOnly", "invariants", "timestampNtz"], needed.WriterFeatures!);
        Assert.Same(needed, DeltaFeatures.Require([local], needed));
        Assert.Same(needed, DeltaFeatures.Require([zoned], needed));

        // What older versions imply is listed, or it would be lost.
        var upgraded = DeltaFeatures.Require([local], new DeltaProtocol(2, 5));
        Assert.Equal(["columnMapping", "timestampNtz"], upgraded.ReaderFeatures!);
        Assert.Equal(["appendOnly", "invariants", "checkConstraints", "changeDataFeed", "generatedColumns", "columnMapping", "timestampNtz"], upgraded.WriterFeatures!);
        var listed = DeltaFeatures.Require([local], new DeltaProtocol(1, 7) { WriterFeatures = ["appendOnly"] });
        Assert.Equal(["timestampNtz"], listed.ReaderFeatures!);
        Assert.Equal(["appendOnly", "timestampNtz"], listed.WriterFeatures!);
    }

    [Theory]
    [InlineData("interval 30 days", 30 * 24)]
    [InlineData("interval 1 week", 7 * 24)]
    [InlineData("2 HOURS", 2)]
    [InlineData("interval 1 day 12 hours", 36)]
    [InlineData("interval 7200 seconds", 2)]
    public void Plain_intervals_are_read(string text, int hours) => Assert.Equal(TimeSpan.FromHours(hours), DeltaProperties.ParseInterval(text));

    [Theory]
    [InlineData("")]
    [InlineData("interval")]
    [InlineData("30")]
    [InlineData("interval 1 month")]
    [InlineData("interval -1 days")]
    [InlineData("interval 1.5 days")]
    [InlineData("interval 99999999 weeks")]
    public void What_is_no_plain_interval_is_none(string text) => Assert.Null(DeltaProperties.ParseInterval(text));

    [Fact]
    public void A_name_is_encoded_once_and_decoded_once()
    {
        const string Root = "s3://acme/lake/orders/";
        foreach (var name in (string[])["a.parquet", "x=a b/c%20d.parquet", "ö/\U0001F600", "a+b&c:d;e?f#g'h\"i\\j", "~_-.=", "\u0001"])
        {
            var path = DeltaPaths.Encode(name);
            Assert.True(path.All(c => char.IsAscii(c) && c > ' '), path);
            Assert.Equal(name, DeltaPaths.Decode(path, Root));
            Assert.Equal(name, Uri.UnescapeDataString(path));
            Assert.Equal(name, DeltaPaths.Decode(Root + path, Root));
        }
        Assert.Equal("a.parquet", DeltaPaths.Decode("s3a://acme/lake/orders/a.parquet", Root));
        Assert.Null(DeltaPaths.Decode("s3a://acme/lake/orders2/a.parquet", Root));
        Assert.Null(DeltaPaths.Decode("s3://acme/lake/orders/", Root));
        Assert.Equal("x/a:b", DeltaPaths.Decode("x/a:b", Root)); // no scheme after a slash
    }

    [Fact]
    public void Files_that_readers_ignore_are_hidden()
    {
        Assert.True(DeltaPaths.IsHidden("_peaks3feed/a/1.parquet", []));
        Assert.True(DeltaPaths.IsHidden("a/.b", []));
        Assert.True(DeltaPaths.IsHidden("_x=1/a.parquet", ["x"]));
        Assert.False(DeltaPaths.IsHidden("_x=1/a.parquet", ["_x"]));
        Assert.False(DeltaPaths.IsHidden("a_b/c.d", []));
    }
}
