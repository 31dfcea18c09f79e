using System.Text;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Tests.Destinations.Parquet;
using FileRange = PeakS3Feed.Destinations.S3External.FileRange;

namespace PeakS3Feed.Tests.Destinations.Delta;

/// <summary>
/// The statistics in the log never exclude a row: a filter at, just below and just above each bound and each value gives the same rows, whether files
/// are skipped or not. For each type, on files whose values are hard: emoji, columns that are always NULL, microseconds, 38 digits, NaN, -0.0,
/// infinities, and texts that are longer than a bound.
/// </summary>
public sealed class DeltaSkippingTests(SkippingTables tables) : IClassFixture<SkippingTables>
{
    private static readonly FilterOperator[] Comparisons =
    [
        FilterOperator.Equal, FilterOperator.NotEqual, FilterOperator.Less, FilterOperator.LessOrEqual, FilterOperator.Greater,
        FilterOperator.GreaterOrEqual,
    ];

    public static TheoryData<string> Columns => [.. GeneratedRows.Columns.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Columns))]
    public void A_filter_gives_the_same_rows_with_and_without_statistics(string name)
    {
        var column = GeneratedRows.Columns.Single(c => c.Name == name);
        var skipped = 0;
        foreach (var compare in ComparisonsOf(column.Type))
        {
            foreach (var table in tables.Tables)
                skipped += Check(column, table, compare, addsMillisecond: false) + Check(column, table, compare, addsMillisecond: true);
        }

        // Otherwise the test would prove nothing.
        Assert.Equal(HasBounds(column), skipped > 0);
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void A_key_is_looked_for_in_each_file_that_holds_it(string name)
    {
        var column = GeneratedRows.Columns.Single(c => c.Name == name);
        var skipped = 0;
        foreach (var table in tables.Tables)
        {
            var files = table.Select(f => (Values: f.Values(column), Range: FileRange.Find(f.Add, column))).ToList();
            var keys = files.SelectMany(f => f.Values).OfType<object>().SelectMany(v => Around(column, v)).ToList();
            foreach (var (low, high) in keys.Zip(keys).Concat(keys.Zip(keys.Skip(3))))
            {
                var (from, to) = Total(low, high) <= 0 ? (low, high) : (high, low);
                var range = Range(column, from, to);
                foreach (var file in files)
                {
                    var isIn = file.Values.OfType<object>().Any(v => Total(v, from) >= 0 && Total(v, to) <= 0);
                    Assert.True(!isIn || range.Meets(file.Range), $"{name}: {Show(from)} to {Show(to)}");
                    skipped += range.Meets(file.Range) ? 0 : 1;
                }
            }
        }

        Assert.Equal(HasBounds(column), skipped > 0);
    }

    [Theory]
    [InlineData("flag")]
    [InlineData("number")]
    [InlineData("exact")]
    [InlineData("fraction")]
    [InlineData("day")]
    [InlineData("name")]
    [InlineData("country")]
    public void A_key_is_looked_for_in_the_partition_that_has_it_and_in_no_other(string name)
    {
        var column = GeneratedRows.Columns.Single(c => c.Name == name);
        var at = GeneratedRows.Columns.Index().Single(c => c.Item.Name == name).Index;
        var all = tables.Tables[0].SelectMany(f => f.Values(column)).OfType<object>().ToList();
        foreach (var file in tables.Tables[0])
        {
            foreach (var (row, value) in file.Values(column).Index().Where(v => v.Item is not null))
            {
                var text = PartitionText.Write(new PartitionField(name), file.Columns[at], row);
                var partition = FileRange.Find(file.Add with { PartitionValues = new Dictionary<string, string?> { [name] = text } }, column);
                // An empty text is NULL in a partition, so nothing is known of it.
                Assert.All(all, key => Assert.Equal(text is null || Total(key, value!) == 0, Range(column, key, key).Meets(partition)));
            }
        }
    }

    private static bool HasBounds(FeedColumn column)
        => column.Type is not (ColumnType.Boolean or ColumnType.Json) && column.Name is not ("nothing" or "never");

    // Returns how often a comparison has skipped a file that has values.
    private static int Check(FeedColumn column, IReadOnlyList<SkippingFile> table, EngineComparison compare, bool addsMillisecond)
    {
        var files = table.Select(f => (
            Values: f.Values(column), Statistics: new EngineSkipping(f.Add.Stats!, column, compare, addsMillisecond))).ToList();
        var literals = files.SelectMany(f => f.Values.Append(f.Statistics.Min).Append(f.Statistics.Max)).OfType<object>()
            .SelectMany(v => Around(column, v)).Prepend(Sample(column.Type)).ToList();
        CheckFilter(FilterOperator.IsNull, null);
        CheckFilter(FilterOperator.IsNotNull, null);
        return literals.Sum(literal => Comparisons.Sum(filter => CheckFilter(filter, literal)));

        int CheckFilter(FilterOperator filter, object? literal)
        {
            var count = 0;
            foreach (var (values, statistics) in files)
            {
                if (!statistics.Skips(filter, literal))
                    continue;
                count += values.Any(v => v is not null) ? 1 : 0;
                Assert.True(
                    !values.Any(v => EngineSkipping.Passes(compare, filter, v, literal)),
                    $"{column.Name} {filter} {Show(literal)} skips a file with {string.Join(", ", values.Select(Show))}; bounds "
                    + $"{Show(statistics.Min)} to {Show(statistics.Max)}");
            }
            return count;
        }
    }

    // Engines do not agree on NaN and -0.0.
    private static EngineComparison[] ComparisonsOf(ColumnType type) => type != ColumnType.Double ? [(a, b) => Total(a, b)] :
    [
        (a, b) => Total(a, b), // NaN equals NaN, and is greater than all others
        (a, b) => double.IsNaN((double)a) || double.IsNaN((double)b) ? null : ((double)a).CompareTo((double)b), // IEEE 754
        (a, b) => Key((double)a).CompareTo(Key((double)b)), // -0.0 is less than 0.0
    ];

    // The bits of a double as a number of the same order, with NaN at the end.
    private static long Key(double value)
        => double.IsNaN(value) ? long.MaxValue : BitConverter.DoubleToInt64Bits(value) is var bits && bits >= 0 ? bits : long.MinValue - bits - 1;

    private static int Total(object a, object b) => (a, b) switch
    {
        (byte[] one, byte[] other) => one.AsSpan().SequenceCompareTo(other),
        (double one, double other) => double.IsNaN(one) || double.IsNaN(other)
            ? double.IsNaN(one).CompareTo(double.IsNaN(other)) : one.CompareTo(other),
        (bool one, bool other) => one.CompareTo(other),
        _ => ((Int128)a).CompareTo((Int128)b),
    };

    // A value, and those just below and just above it; of times also those that are a millisecond away.
    private static IEnumerable<object> Around(FeedColumn column, object value) => value switch
    {
        Int128 number when column.Type is ColumnType.Timestamp or ColumnType.TimestampTz
            => [number, number - 1, number + 1, number - 1000, number - 999, number + 999, number + 1000],
        Int128 number => [number, number - 1, number + 1],
        double real => [real, Math.BitDecrement(real), Math.BitIncrement(real), -real, double.NaN],
        byte[] text => [text, (byte[])[.. text, 0], .. text.Length == 0 ? [] : Below(text)],
        _ => [value, !(bool)value],
    };

    // Without its last character, and with a lesser last byte, which need not be a character.
    private static IEnumerable<object> Below(byte[] text)
    {
        var whole = Encoding.UTF8.GetString(text);
        yield return Encoding.UTF8.GetBytes(whole[..^(char.IsLowSurrogate(whole[^1]) ? 2 : 1)]);
        if (text[^1] > 0)
            yield return (byte[])[.. text[..^1], (byte)(text[^1] - 1), 0xFF];
        if (text.Length > ParquetStatistics.MaxTextBytes)
            yield return text[..ParquetStatistics.MaxTextBytes];
    }

    private static ColumnRange Range(FeedColumn column, object low, object high) => (low, high) switch
    {
        (byte[] one, byte[] other) => new(column, ParquetBound.From(one), ParquetBound.From(other)),
        // As the bounds of staged files are: unknown with NaN, and on the safe side of zero.
        (double one, double other) => double.IsNaN(one) || double.IsNaN(other)
            ? new(column, null, null) : new(column, ParquetBound.From(one == 0 ? -0.0 : one), ParquetBound.From(other == 0 ? 0.0 : other)),
        (bool one, bool other) => new(column, ParquetBound.From((Int128)(one ? 1 : 0)), ParquetBound.From((Int128)(other ? 1 : 0))),
        _ => new(column, ParquetBound.From((Int128)low), ParquetBound.From((Int128)high)),
    };

    private static object Sample(ColumnType type) => type switch
    {
        ColumnType.Text or ColumnType.Json => "m"u8.ToArray(),
        ColumnType.Double => 0.0,
        ColumnType.Boolean => true,
        _ => Int128.Zero,
    };

    private static string Show(object? value) => value is byte[] text ? $"\"{Encoding.UTF8.GetString(text)}\"" : value?.ToString() ?? "NULL";
}

/// <summary>A data file: what is in it, and its entry in the log.</summary>
internal sealed record SkippingFile(IReadOnlyList<ColumnVector> Columns, DeltaAdd Add)
{
    /// <summary>The values of a column; null for NULL.</summary>
    public IReadOnlyList<object?> Values(FeedColumn column)
    {
        var vector = Columns.Single(c => c.Column.Name == column.Name);
        return [.. Enumerable.Range(0, vector.Count).Select(r => vector.IsNull(r) ? null : vector switch
        {
            FixedVector<bool> flags => flags[r],
            FixedVector<long> numbers => (Int128)numbers[r],
            FixedVector<int> days => (Int128)days[r],
            FixedVector<Int128> decimals => decimals[r],
            FixedVector<double> reals => reals[r],
            _ => (object)((Utf8Vector)vector)[r].ToArray(),
        })];
    }
}

/// <summary>Tables of several files with few rows each, so that the bounds of files differ.</summary>
public sealed class SkippingTables : IAsyncLifetime
{
    private const int TableCount = 12;
    private const int FilesInTable = 7;

    private readonly TemporaryFolder _folder = new();

    internal List<IReadOnlyList<SkippingFile>> Tables { get; } = [];

    public async Task InitializeAsync()
    {
        for (var table = 0; table < TableCount; table++)
        {
            var files = new List<SkippingFile>();
            for (var file = 0; file < FilesInTable; file++)
            {
                var rows = GeneratedRows.Create(seed: (table * 100) + file, rows: 1 + ((table + file) % 6));
                var info = await ParquetFiles.WriteAsync(_folder[$"{table}-{file}.parquet"], GeneratedRows.Fields, [rows]);
                files.Add(new SkippingFile(rows, new DeltaAdd
                {
                    Name = $"{table}-{file}.parquet", Size = info.Bytes, ModificationTime = 1, Stats = DeltaStatistics.Write(info.Rows, info.Columns),
                }));
            }
            Tables.Add(files);
        }
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}
