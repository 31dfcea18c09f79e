using System.Text;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>What a load holds in memory while it is little, and in temporary files when it is much.</summary>
public sealed class SpillTests
{
    private static readonly FeedColumn[] AllTypes =
    [
        new("text", "text", ColumnType.Text), new("flag", "flag", ColumnType.Boolean), new("number", "number", ColumnType.BigInt),
        new("decimal", "decimal", ColumnType.Decimal, 4), new("double", "double", ColumnType.Double), new("day", "day", ColumnType.Date),
        new("time", "time", ColumnType.Timestamp), new("instant", "instant", ColumnType.TimestampTz), new("json", "json", ColumnType.Json),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(long.MaxValue)]
    public void Values_come_back_in_the_order_in_which_they_were_appended(long memoryBytes)
    {
        const int Buckets = 7;
        var random = new Random(2);
        var expected = Enumerable.Range(0, Buckets).Select(_ => new List<long>()).ToArray();
        using var buckets = new SpillBuckets<long>(memoryBytes);
        for (var i = 0; i < 500; i++)
        {
            var bucket = random.Next(Buckets - 1); // the last one stays empty
            var values = Enumerable.Range(0, random.Next(5)).Select(_ => random.NextInt64()).ToArray();
            buckets.Append(bucket, values);
            expected[bucket].AddRange(values);
        }

        Assert.Equal(expected.Sum(e => e.Count), buckets.Count);
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            Assert.Equal(expected[bucket].Count, buckets.CountOf(bucket));
            Assert.Equal(expected[bucket], buckets.Read(bucket));
            for (var from = 0; from <= expected[bucket].Count; from += 13)
            {
                foreach (var length in (int[])[0, 1, 17, expected[bucket].Count - from])
                {
                    if (from + length <= expected[bucket].Count)
                        Assert.Equal(expected[bucket].GetRange(from, length), buckets.Read(bucket, from, length));
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    [InlineData(long.MaxValue)]
    public async Task Values_of_updated_rows_come_back(long memoryBytes)
    {
        const int Rows = 300;
        var table = AllTypes.Select(c => Generate(c, Rows)).ToArray();
        var created = new FixedVector<long>(AuditColumn.CreatedAt);
        for (var row = 0; row < Rows; row++)
        {
            if (row % 11 == 0)
                created.AppendNull();
            else
                created.Append(row * 1000L);
        }
        using var carried = new CarriedValues(AllTypes, memoryBytes);
        await Parallel.ForAsync(0, Rows, (row, _) =>
        {
            carried.Add(new RemovedRow(row, row % 2, Rows - row), created, table, row); // no row of the last part
            return ValueTask.CompletedTask;
        });

        Assert.False(carried.Has(2));
        for (var part = 0; part < 2; part++)
        {
            Assert.True(carried.Has(part));
            var rows = carried.Read(part).ToArray();
            Assert.Equal(Enumerable.Range(0, Rows).Where(r => r % 2 == part).Select(r => Rows - r).Order(), rows.Select(r => r.At));
            var read = AllTypes.Select(ColumnVector.Create).ToArray();
            foreach (var found in rows)
                carried.AppendTo(read, found);
            carried.AppendTo(read, null);
            for (var i = 0; i < rows.Length; i++)
            {
                var row = Rows - rows[i].At;
                Assert.Equal((!created.IsNull(row), created.IsNull(row) ? 0 : row * 1000L), (rows[i].HasCreatedAt, rows[i].CreatedAt));
                Assert.All(read.Zip(table), c => Assert.Equal(Describe(c.Second, row), Describe(c.First, i)));
            }
            Assert.All(read, c => Assert.True(c.IsNull(rows.Length)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    [InlineData(long.MaxValue)]
    public async Task Values_of_rows_are_read_in_the_order_of_the_rows(long memoryBytes)
    {
        // Rows of three pieces, of which one has none; and two values for each hundredth row.
        int[] rows =
        [
            .. Enumerable.Range(0, 400).Select(i => i * 997), .. Enumerable.Range(0, 400).Select(i => 900_000 + i),
            .. Enumerable.Range(0, 4).Select(i => i * 99_700),
        ];
        var shuffled = (int[])rows.Clone();
        new Random(5).Shuffle(shuffled);
        using var values = new RowValues<RemovedRow>(memoryBytes);
        await Parallel.ForEachAsync(shuffled, (row, _) =>
        {
            values.Add(row % 2, new RemovedRow(row, 3, row));
            return ValueTask.CompletedTask;
        });

        Assert.False(values.Has(2));
        Assert.Empty(values.Read(2));
        for (var file = 0; file < 2; file++)
        {
            Assert.True(values.Has(file));
            var expected = rows.Where(r => r % 2 == file).Order().ToList();
            Assert.Equal(expected, values.Read(file).Select(v => v.At));
            using var reader = new RowValueReader<RemovedRow>(values.Read(file));
            var taken = new List<int>();
            for (var before = 0; before <= 1_000_000; before += 1000)
            {
                while (reader.TryTake(before, out var value))
                {
                    Assert.InRange(value.At, before - 1000, before - 1);
                    taken.Add(value.At);
                }
            }
            Assert.Equal(expected, taken);
        }
    }

    [Fact]
    public void A_set_of_rows_is_a_set()
    {
        var random = new Random(3);
        for (var round = 0; round < 20; round++)
        {
            var (one, other) = (new RowSet(), new RowSet());
            var (model, otherModel) = (new HashSet<long>(), new HashSet<long>());
            for (var i = 0; i < 200; i++)
            {
                Assert.Equal(model.Add(i * 3L % 517), one.Add(i * 3L % 517));
                var row = random.NextInt64(1 << (round % 16));
                Assert.Equal(otherModel.Add(row), other.Add(row));
            }
            one.AddRange(60, 10);
            model.UnionWith(Enumerable.Range(60, 10).Select(r => (long)r));
            one.UnionWith(other);
            model.UnionWith(otherModel);
            Assert.Equal(model.Count, one.Count);
            Assert.Equal(model.Order(), one.Rows());
            Assert.All(Enumerable.Range(0, 1 << 16), r => Assert.Equal(model.Contains(r), one.Contains(r)));
        }
    }

    private static ColumnVector Generate(FeedColumn column, int rows)
    {
        var random = new Random(column.Name.Length);
        var vector = ColumnVector.Create(column);
        for (var row = 0; row < rows; row++)
        {
            if (random.Next(5) == 0)
            {
                vector.AppendNull();
                continue;
            }
            switch (vector)
            {
                case Utf8Vector text: text.Append(Encoding.UTF8.GetBytes(new string('ü', random.Next(40)) + "\U0001F600")); break;
                case FixedVector<bool> flags: flags.Append(random.Next(2) == 0); break;
                case FixedVector<long> numbers: numbers.Append(random.NextInt64(long.MinValue, long.MaxValue)); break;
                case FixedVector<Int128> decimals: decimals.Append(new Int128((ulong)random.NextInt64(), (ulong)random.NextInt64())); break;
                case FixedVector<double> doubles: doubles.Append(random.NextDouble()); break;
                default: ((FixedVector<int>)vector).Append(random.Next()); break;
            }
        }
        return vector;
    }

    /// <summary>A value as text; ∅ for NULL.</summary>
    internal static string Describe(ColumnVector column, int row) => column.IsNull(row) ? "∅" : column switch
    {
        Utf8Vector text => Encoding.UTF8.GetString(text[row]),
        FixedVector<bool> flags => $"{flags[row]}",
        FixedVector<long> numbers => $"{numbers[row]}",
        FixedVector<Int128> decimals => $"{decimals[row]}",
        FixedVector<double> doubles => $"{doubles[row]:R}",
        _ => $"{((FixedVector<int>)column)[row]}",
    };
}
