using PeakS3Feed.Errors;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.TestLake;
using Native = ParquetSharp;

namespace PeakS3Feed.Tests.Destinations.Parquet;

/// <summary>Files of other engines are read: those that DuckDB writes, and the forms that Spark, Hive and Arrow write.</summary>
public sealed class ForeignParquetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DuckDb _duckDb = new();

    private string File => _folder["a.parquet"];

    public void Dispose()
    {
        _duckDb.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("PARQUET_VERSION V1, COMPRESSION snappy")]
    [InlineData("PARQUET_VERSION V2, COMPRESSION zstd")]
    [InlineData("PARQUET_VERSION V1, COMPRESSION gzip, DICTIONARY_SIZE_LIMIT 1")]
    [InlineData("PARQUET_VERSION V2, COMPRESSION lz4_raw, ROW_GROUP_SIZE 2048")]
    [InlineData("COMPRESSION uncompressed")]
    public async Task The_types_of_DuckDb_are_read(string options)
    {
        _duckDb.Run(
            $"""
            COPY (SELECT
                (i % 100)::TINYINT AS tiny, i::SMALLINT AS small, i::INTEGER AS int, i * 1_000_000_000 AS big, (i % 200)::UTINYINT AS utiny,
                (4_000 + i)::UINTEGER AS uint, i % 3 = 0 AS flag, (i / 8)::FLOAT AS float, i / 7 AS double,
                (i / 100)::DECIMAL(4,2) AS dec4, (i / 100)::DECIMAL(9,2) AS dec9, (-i / 100)::DECIMAL(18,2) AS dec18, (i / 100)::DECIMAL(38,2) AS dec38,
                DATE '2020-01-01' + i::INTEGER AS day, TIMESTAMP '2020-01-01' + to_microseconds(i) AS us,
                (TIMESTAMP '2020-01-01' + to_milliseconds(i))::TIMESTAMP_MS AS ms, (TIMESTAMP '1960-01-01' + to_microseconds(i))::TIMESTAMP_NS AS ns,
                (TIMESTAMP '2020-01-01' + to_microseconds(i))::TIMESTAMPTZ AS tz, CASE WHEN i % 5 > 0 THEN 'text 😀 ' || i END AS text,
                ('v' || i % 3) AS repeated, '{"{"}"a":1{"}"}'::JSON AS json
              FROM range(4500) r(i)) TO '{File}' (FORMAT parquet, {options})
            """);
        FeedColumn[] columns =
        [
            .. Columns(ColumnType.BigInt, "tiny", "small", "int", "big", "utiny", "uint"), .. Columns(ColumnType.Boolean, "flag"),
            .. Columns(ColumnType.Double, "float", "double"), .. Columns(ColumnType.Decimal, "dec4", "dec9", "dec18", "dec38"),
            .. Columns(ColumnType.Date, "day"), .. Columns(ColumnType.Timestamp, "us", "ms", "ns"), .. Columns(ColumnType.TimestampTz, "tz"),
            .. Columns(ColumnType.Text, "text", "repeated"), .. Columns(ColumnType.Json, "json"),
        ];

        var read = await ParquetFiles.ReadAsync(ParquetFiles.Open(File), columns);

        Assert.Equal(4500, read[0].Count);
        for (var row = 0; row < 4500; row++)
        {
            var time = new DateTime(2020, 1, 1).AddMicroseconds(row);
            object?[] expected =
            [
                (long)(row % 100), (long)row, (long)row, row * 1_000_000_000L, (long)(row % 200), 4_000L + row, row % 3 == 0, row / 8.0, row / 7.0,
                row / 100m, row / 100m, -row / 100m, row / 100m, new DateOnly(2020, 1, 1).AddDays(row), time,
                new DateTime(2020, 1, 1).AddMilliseconds(row), new DateTime(1960, 1, 1).AddMicroseconds(row), new DateTimeOffset(time, TimeSpan.Zero),
                row % 5 > 0 ? $"text 😀 {row}" : null, $"v{row % 3}", "{\"a\":1}",
            ];
            Assert.Equal(expected, read.Select(v => CellValue.From(v, row)));
        }
    }

    [Fact]
    public async Task Unsigned_integers_are_read_as_such()
    {
        _duckDb.Run($"COPY (SELECT unnest([4_294_967_295, 0, NULL])::UINTEGER AS a) TO '{File}' (FORMAT parquet)");

        Assert.Equal([4_294_967_295L, 0L, null], await ReadAsync(ColumnType.BigInt));
    }

    [Fact]
    public async Task Old_timestamps_of_96_bits_are_read()
    {
        // 2020-01-01T12:34:56.789012: Julian day 2458850.
        const long Nanoseconds = ((((12 * 60) + 34) * 60L) + 56) * 1_000_000_000 + 789_012_345;
        var noon = new Native.Int96((int)(Nanoseconds & 0xFFFFFFFF), (int)(Nanoseconds >> 32), 2_458_850);
        Write(Native.LogicalType.None(), Native.PhysicalType.Int96, [noon, new Native.Int96(0, 0, 2_440_588)]);

        Assert.Equal(
            [new DateTime(2020, 1, 1, 12, 34, 56).AddMicroseconds(789_012), DateTime.UnixEpoch, null],
            (await ReadAsync(ColumnType.Timestamp)).Select(v => v is DateTime time ? time : (DateTime?)null));
    }

    [Fact]
    public async Task Decimals_of_bytes_are_read_at_a_smaller_scale_and_of_any_length()
    {
        byte[][] texts = [[0x05], [0xFF], [0x00, 0x80], [0xFF, 0x7F], [.. new byte[10], 0x01, 0x00, .. new byte[7]], [.. Enumerable.Repeat((byte)0xFF, 20)]];
        WriteBytes(Native.LogicalType.Decimal(38, 1), texts);

        Assert.Equal([0.5m, -0.1m, 12.8m, -12.9m, 1844674407370955161.6m, -0.1m, null], await ReadAsync(ColumnType.Decimal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_decimal_of_a_shorter_fixed_length_is_read(bool negative)
    {
        _duckDb.Run($"COPY (SELECT {(negative ? "-" : "")}123456789012345678.91::DECIMAL(20,2) AS a) TO '{File}' (FORMAT parquet)");

        Assert.Equal([(negative ? -1 : 1) * 123456789012345678.91m], await ReadAsync(ColumnType.Decimal));
    }

    [Fact]
    public async Task A_column_that_the_file_lacks_is_NULL_and_names_match_in_any_case()
    {
        _duckDb.Run($"COPY (SELECT i AS \"Id\", i * 2 AS twice FROM range(3) r(i)) TO '{File}' (FORMAT parquet)");

        var read = await ParquetFiles.ReadAsync(ParquetFiles.Open(File), [.. Columns(ColumnType.BigInt, "twice", "id"), .. Columns(ColumnType.Text, "absent")]);

        Assert.Equal([0L, 2L, 4L], Values(read[0]));
        Assert.Equal([0L, 1L, 2L], Values(read[1]));
        Assert.Equal([null, null, null], Values(read[2]));
    }

    [Theory]
    [InlineData("'x'", ColumnType.BigInt, "BYTE_ARRAY as String")]
    [InlineData("1::BIGINT", ColumnType.Text, "INT64 as 64-bit integer")]
    [InlineData("1::UBIGINT", ColumnType.BigInt, "INT64 as unsigned 64-bit integer")]
    [InlineData("1.5::DOUBLE", ColumnType.Decimal, "DOUBLE")]
    [InlineData("1.555::DECIMAL(9,3)", ColumnType.Decimal, "INT32 as decimal(9,3)")]
    [InlineData("TIME '12:00:00'", ColumnType.Timestamp, "INT64 as Time")]
    [InlineData("TIMESTAMP '2020-01-01'", ColumnType.Date, "INT64 as timestamp (Micros)")]
    [InlineData("[1, 2]", ColumnType.BigInt, "with parts (a list, a map or a struct)")]
    [InlineData("{'b': 1}", ColumnType.Json, "with parts (a list, a map or a struct)")]
    [InlineData("gen_random_uuid()", ColumnType.Text, "FIXED_LEN_BYTE_ARRAY as Uuid")]
    public async Task A_type_that_the_column_cannot_hold_is_an_error_that_names_it(string value, ColumnType type, string described)
    {
        _duckDb.Run($"COPY (SELECT {value} AS a) TO '{File}' (FORMAT parquet)");

        var error = await Assert.ThrowsAsync<FeedException>(() => ReadAsync(type));

        Assert.Equal("ParquetTypeUnreadable", error.Id);
        var name = new FeedColumn("a", "a", type, type == ColumnType.Decimal ? 2 : 0).TypeName;
        Assert.Equal($"Column a of the Parquet file {File} has the type {described}, which cannot be read as {name}.", error.Message);
    }

    [Fact]
    public async Task A_value_that_the_column_cannot_hold_is_an_error_that_names_its_row()
    {
        Write(Native.LogicalType.Timestamp(true, Native.TimeUnit.Millis), Native.PhysicalType.Int64, [1L, long.MaxValue]);
        var far = await Assert.ThrowsAsync<FeedException>(() => ReadAsync(ColumnType.Timestamp));
        WriteBytes(Native.LogicalType.None(), [[0x61], [0xC3], [0xA4]]);
        var cut = await Assert.ThrowsAsync<FeedException>(() => ReadAsync(ColumnType.Text));
        WriteBytes(Native.LogicalType.Decimal(38, 0), [[0x01, .. new byte[16]]]);
        var large = await Assert.ThrowsAsync<FeedException>(() => ReadAsync(ColumnType.Decimal));

        Assert.Equal(("ParquetValueUnreadable", "ParquetValueUnreadable", "ParquetValueUnreadable"), (far.Id, cut.Id, large.Id));
        Assert.Equal($"Column a of the Parquet file {File} has in row 1 a value that cannot be read as timestamp: it is out of range.", far.Message);
        Assert.Equal($"Column a of the Parquet file {File} has in row 1 a value that cannot be read as text: it is not UTF-8.", cut.Message);
        Assert.Equal($"Column a of the Parquet file {File} has in row 0 a value that cannot be read as decimal(38,2): it is out of range.", large.Message);
    }

    private static IEnumerable<FeedColumn> Columns(ColumnType type, params string[] names)
        => names.Select(n => new FeedColumn(n, n, type, type == ColumnType.Decimal ? 2 : 0));

    private static IEnumerable<object?> Values(ColumnVector vector) => Enumerable.Range(0, vector.Count).Select(row => CellValue.From(vector, row));

    private async Task<IReadOnlyList<object?>> ReadAsync(ColumnType type)
        => [.. Values((await ParquetFiles.ReadAsync(ParquetFiles.Open(File), [.. Columns(type, "a")]))[0])];

    // A file of one column, whose last value is NULL.
    private void Write<T>(Native.LogicalType logical, Native.PhysicalType physical, T[] values)
        where T : unmanaged
    {
        using var node = new Native.Schema.PrimitiveNode("a", Native.Repetition.Optional, logical, physical);
        using var schema = new Native.Schema.GroupNode("schema", Native.Repetition.Required, [node]);
        using var properties = Native.WriterProperties.GetDefaultWriterProperties();
        using var writer = new Native.ParquetFileWriter(File, schema, properties);
        using var group = writer.AppendRowGroup();
        using var column = (Native.ColumnWriter<T>)group.NextColumn();
        column.WriteBatch(values.Length + 1, [.. Enumerable.Repeat((short)1, values.Length), 0], default, values);
        column.Close();
        writer.Close();
    }

    private unsafe void WriteBytes(Native.LogicalType logical, byte[][] values)
    {
        var all = values.SelectMany(v => v).ToArray();
        fixed (byte* start = all)
        {
            var pointers = new Native.ByteArray[values.Length];
            var at = start;
            for (var i = 0; i < values.Length; i++)
            {
                pointers[i] = new Native.ByteArray((nint)at, values[i].Length);
                at += values[i].Length;
            }
            Write(logical, Native.PhysicalType.ByteArray, pointers);
        }
    }
}
