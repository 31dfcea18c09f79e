using System.Text;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.Parquet;

/// <summary>The bounds of a file's columns, which become those of the table's log.</summary>
public sealed class ParquetStatisticsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 100)]
    [InlineData(3, 10_000)]
    public async Task The_bounds_are_those_of_all_values(int seed, int rows)
    {
        var batch = GeneratedRows.Create(seed, rows);
        var info = await ParquetFiles.WriteAsync(_folder["a.parquet"], GeneratedRows.Fields, [batch], new(RowGroupRows: 3000));

        foreach (var (vector, statistics) in batch.Zip(info.Columns))
        {
            var present = Enumerable.Range(0, rows).Where(r => !vector.IsNull(r)).ToList();
            Assert.Equal((vector.Column, rows - present.Count), (statistics.Column, (int)statistics.Nulls));
            switch (vector)
            {
                case Utf8Vector texts:
                    AssertTexts([.. present.Select(r => texts[r].ToArray())], statistics);
                    break;
                case FixedVector<double> reals when present.Exists(r => double.IsNaN(reals[r])):
                    Assert.Equal((null, null), (statistics.Min, statistics.Max));
                    break;
                case FixedVector<double> reals:
                    Assert.Equal(present.Min(r => (double?)reals[r]), statistics.Min?.Real);
                    Assert.Equal(present.Max(r => (double?)reals[r]), statistics.Max?.Real);
                    break;
                default:
                    Assert.Equal(present.Min(r => (Int128?)ToInteger(vector, r)), statistics.Min?.Integer);
                    Assert.Equal(present.Max(r => (Int128?)ToInteger(vector, r)), statistics.Max?.Integer);
                    break;
            }
        }
    }

    [Theory]
    [InlineData("b", "b", "b")]
    [InlineData("", "", "")]
    [InlineData("b|a|c", "a", "c")]
    [InlineData("\uFFFF|\U00010000", "\uFFFF", "\U00010000")] // as UTF-16, the order would be the other way
    [InlineData("abcdefgh|abcdefghi|abcdefg", "abcdefg", "abcdefghi")]
    [InlineData("a\0|a", "a", "a\0")]
    public async Task Texts_compare_byte_by_byte(string values, string min, string max)
    {
        var statistics = await WriteTextsAsync(values.Split('|'));

        Assert.Equal((min, max), (Text(statistics.Min), Text(statistics.Max)));
    }

    [Theory]
    [InlineData(64, 0, 64, 64)]
    [InlineData(65, 0, 64, null)]
    [InlineData(63, 1, 63, null)] // a character of four bytes does not fit in whole
    [InlineData(60, 1, 64, 64)]
    public async Task A_long_minimum_is_cut_between_characters_and_a_long_maximum_left_out(int letters, int emojis, int minBytes, int? maxBytes)
    {
        var text = new string('x', letters) + string.Concat(Enumerable.Repeat("😀", emojis));

        var statistics = await WriteTextsAsync([text]);

        Assert.Equal((minBytes, maxBytes), (statistics.Min?.Utf8.Length, statistics.Max?.Utf8.Length));
        Assert.StartsWith(Text(statistics.Min)!, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Zero_is_negative_as_a_minimum_and_positive_as_a_maximum()
    {
        foreach (var zero in (double[])[0.0, -0.0])
        {
            var statistics = await WriteDoublesAsync(zero);
            Assert.True(double.IsNegative(statistics.Min!.Value.Real));
            Assert.False(double.IsNegative(statistics.Max!.Value.Real));
        }
    }

    [Fact]
    public async Task One_NaN_leaves_no_bounds_and_infinities_are_bounds()
    {
        var withNaN = await WriteDoublesAsync(1, double.NaN, 2);
        var infinite = await WriteDoublesAsync(1, double.PositiveInfinity, double.NegativeInfinity);

        Assert.Equal((null, null), (withNaN.Min, withNaN.Max));
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), (infinite.Min!.Value.Real, infinite.Max!.Value.Real));
    }

    [Fact]
    public void Bounds_compare_by_the_type_of_their_column()
    {
        Assert.True(ParquetBound.From((Int128)1).CompareTo(ParquetBound.From((Int128)2), ColumnType.Decimal) < 0);
        Assert.True(ParquetBound.From(2.0).CompareTo(ParquetBound.From(1.0), ColumnType.Double) > 0);
        Assert.True(ParquetBound.From("\uFFFF"u8).CompareTo(ParquetBound.From("\U00010000"u8), ColumnType.Text) < 0);
        Assert.Equal(0, ParquetBound.From("a"u8).CompareTo(ParquetBound.From("a"u8), ColumnType.Json));
    }

    private static void AssertTexts(List<byte[]> texts, ParquetStatistics statistics)
    {
        texts.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
        Assert.Equal(texts.Count > 0, statistics.Min is not null);
        if (texts.Count == 0)
            return;
        var min = statistics.Min!.Value.Utf8;
        Assert.True(texts[0].AsSpan().StartsWith(min.Span) && (min.Length == texts[0].Length || min.Length > ParquetStatistics.MaxTextBytes - 4));
        if (texts[^1].Length > ParquetStatistics.MaxTextBytes)
            Assert.Null(statistics.Max);
        else
            Assert.Equal(texts[^1], statistics.Max!.Value.Utf8.ToArray());
    }

    private static Int128 ToInteger(ColumnVector vector, int row) => vector switch
    {
        FixedVector<bool> flags => flags[row] ? 1 : 0,
        FixedVector<long> numbers => numbers[row],
        FixedVector<int> days => days[row],
        _ => ((FixedVector<Int128>)vector)[row],
    };

    private static string? Text(ParquetBound? bound) => bound is { } b ? Encoding.UTF8.GetString(b.Utf8.Span) : null;

    private async Task<ParquetStatistics> WriteTextsAsync(string[] values)
    {
        var vector = new Utf8Vector(new("a", "a", ColumnType.Text));
        foreach (var value in values)
            vector.Append(Encoding.UTF8.GetBytes(value));
        return await WriteAsync(vector);
    }

    private async Task<ParquetStatistics> WriteDoublesAsync(params double[] values)
    {
        var vector = new FixedVector<double>(new("a", "a", ColumnType.Double));
        foreach (var value in values)
            vector.Append(value);
        return await WriteAsync(vector);
    }

    private async Task<ParquetStatistics> WriteAsync(ColumnVector vector)
        => (await ParquetFiles.WriteAsync(_folder[Guid.NewGuid().ToString("N")], [new(vector.Column, 1)], [[vector]])).Columns[0];
}
