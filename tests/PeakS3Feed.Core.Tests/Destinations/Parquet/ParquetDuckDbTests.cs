using System.Globalization;
using System.Text;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.TestLake;

namespace PeakS3Feed.Tests.Destinations.Parquet;

/// <summary>DuckDB reads in our files what was written, and skips no row because of their statistics.</summary>
public sealed class ParquetDuckDbTests : IDisposable
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
    [InlineData(11, 5000, ParquetCompression.Zstd)]
    [InlineData(12, 5000, ParquetCompression.Snappy)]
    public async Task DuckDb_reads_every_value(int seed, int rows, ParquetCompression compression)
    {
        var batch = GeneratedRows.Create(seed, rows);
        await ParquetFiles.WriteAsync(File, GeneratedRows.Fields, [batch], new(compression, RowGroupBytes: 128 * 1024));

        var read = _duckDb.Query($"SELECT {string.Join(", ", GeneratedRows.Columns.Select(Project))} FROM '{File}' ORDER BY id");

        Assert.Equal(rows, read.Count);
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var written = Project(batch[i], row);
                Assert.True(Equals(written, read[row][i]), $"{batch[i].Column.Name}, row {row}: {written} became {read[row][i]}");
            }
        }
    }

    [Fact]
    public async Task DuckDb_sees_the_types_of_the_table_and_field_ids()
    {
        await ParquetFiles.WriteAsync(File, GeneratedRows.Fields, [GeneratedRows.Create(1, 10)]);

        var types = _duckDb.Query($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{File}')");
        var schema = _duckDb.Query($"SELECT name, type, repetition_type, field_id FROM parquet_schema('{File}') WHERE name <> 'schema'");

        Assert.Equal(
            "id BIGINT, flag BOOLEAN, number BIGINT, exact DECIMAL(38,2), whole DECIMAL(38,0), fraction DECIMAL(38,38), real DOUBLE, unreal DOUBLE, "
            + "day DATE, local TIMESTAMP, instant TIMESTAMP WITH TIME ZONE, name VARCHAR, country VARCHAR, extra VARCHAR, nothing VARCHAR, "
            + "never DECIMAL(38,4)",
            string.Join(", ", types.Select(t => $"{t[0]} {t[1]}")));
        Assert.Equal(Enumerable.Range(1, 16), schema.Select(s => Convert.ToInt32(s[3], CultureInfo.InvariantCulture)));
        Assert.All(schema, s => Assert.Equal("OPTIONAL", s[2]));
    }

    /// <summary>For each type: a filter at the bounds of the file and of each row group gives the same rows with and without statistics.</summary>
    [Fact]
    public async Task A_filter_at_the_bounds_finds_the_same_rows_with_and_without_statistics()
    {
        var batches = Enumerable.Range(0, 8).Select(i => GeneratedRows.Create(100 + i, 1000, i * 1000)).ToList();
        await ParquetFiles.WriteAsync(File, GeneratedRows.Fields, batches, new(RowGroupRows: 1000));
        Assert.Equal(8L, _duckDb.Value($"SELECT count(DISTINCT row_group_id) FROM parquet_metadata('{File}')"));

        foreach (var column in GeneratedRows.Columns)
        {
            var bounds = _duckDb.Query(
                $"""
                SELECT DISTINCT value::VARCHAR FROM (
                  SELECT unnest([min({column.Name}), max({column.Name})]) AS value FROM '{File}' GROUP BY id // 1000) WHERE value IS NOT NULL
                """);
            Assert.True(bounds.Count > 0 || column.Name is "nothing" or "never", column.Name);
            foreach (var bound in bounds)
            {
                foreach (var comparison in (string[])["<", "<=", "=", ">=", ">", "<>"])
                {
                    var type = DuckDbType(column);
                    var value = ((string)bound[0]!).Replace("'", "''", StringComparison.Ordinal);
                    var sql = $"SELECT count(*) FROM '{File}' WHERE {column.Name} {comparison} CAST('{value}' AS {type})";
                    Assert.True(Equals(_duckDb.ValueWithoutStatistics(sql), _duckDb.Value(sql)), sql);
                }
            }
            var nulls = $"SELECT count(*) FROM '{File}' WHERE {column.Name} IS NULL";
            Assert.Equal(_duckDb.ValueWithoutStatistics(nulls), _duckDb.Value(nulls));
        }
    }

    /// <summary>What the footer says of each row group is true. A double has no bounds, because readers do not agree on NaN.</summary>
    [Fact]
    public async Task The_footer_has_the_exact_bounds_of_each_row_group()
    {
        var batches = Enumerable.Range(0, 4).Select(i => GeneratedRows.Create(200 + i, 1000, i * 1000)).ToList();
        await ParquetFiles.WriteAsync(File, GeneratedRows.Fields, batches, new(RowGroupRows: 1000));

        foreach (var column in GeneratedRows.Columns.Where(c => c.Type is not (ColumnType.Text or ColumnType.Json)))
        {
            var stated = _duckDb.Query(
                $"""
                SELECT stats_min_value::{DuckDbType(column)}::VARCHAR, stats_max_value::{DuckDbType(column)}::VARCHAR, stats_null_count::BIGINT
                FROM parquet_metadata('{File}') WHERE path_in_schema = '{column.Name}' ORDER BY row_group_id
                """);
            var actual = _duckDb.Query(
                $"""
                SELECT min({column.Name})::VARCHAR, max({column.Name})::VARCHAR, count(*) - count({column.Name})
                FROM '{File}' GROUP BY id // 1000 ORDER BY id // 1000
                """);
            Assert.Equal(4, stated.Count);
            if (column.Type == ColumnType.Double)
                Assert.All(stated, s => Assert.Equal([null, null, null], s));
            else
                Assert.Equal(actual, stated);
        }
    }

    private static string DuckDbType(FeedColumn column) => column.Type switch
    {
        ColumnType.Decimal => $"DECIMAL(38,{column.Scale})",
        ColumnType.Text or ColumnType.Json => "VARCHAR",
        ColumnType.TimestampTz => "TIMESTAMPTZ",
        _ => column.Type.ToString().ToUpperInvariant(),
    };

    // Values in a form that both sides can say exactly.
    private static string Project(FeedColumn column) => column.Type switch
    {
        ColumnType.Timestamp or ColumnType.TimestampTz => $"epoch_us({column.Name})",
        ColumnType.Date => $"CAST({column.Name} - DATE '1970-01-01' AS BIGINT)",
        ColumnType.Decimal => $"CAST({column.Name} AS VARCHAR)",
        ColumnType.Text or ColumnType.Json => $"hex(encode({column.Name}))",
        _ => column.Name,
    };

    private static object? Project(ColumnVector vector, int row) => vector.IsNull(row) ? null : vector switch
    {
        FixedVector<int> days => (long)days[row],
        FixedVector<Int128> decimals => Text(decimals[row], vector.Column.Scale),
        Utf8Vector texts => Convert.ToHexString(texts[row]),
        FixedVector<long> numbers => numbers[row],
        FixedVector<bool> flags => flags[row],
        _ => ((FixedVector<double>)vector)[row],
    };

    private static string Text(Int128 value, int scale)
    {
        var digits = new StringBuilder(Int128.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0'));
        if (scale > 0)
            digits.Insert(digits.Length - scale, '.');
        // DuckDB writes no zero before the point of a type that has no digit there.
        return (value < 0 ? "-" : "") + (scale == 38 ? digits.Remove(0, 1) : digits);
    }
}
