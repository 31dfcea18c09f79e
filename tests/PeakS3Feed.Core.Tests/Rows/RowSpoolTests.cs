using System.Text;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Spooling;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Rows;

/// <summary>Rows that are written into a spool are read from it unchanged.</summary>
public sealed class RowSpoolTests
{
    private static readonly ColumnType[] Types = Enum.GetValues<ColumnType>();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_batches_of_every_type_are_read_as_they_were_written(int seed)
    {
        var random = new Random(seed);
        var schema = new FeedSchema(Types.Select((t, i) => Column($"c{i}", t)));
        using var spool = new RowSpool(new MemoryStream());
        var expected = new List<(SourceObject Source, long Ordinal, List<string> Rows)>();
        for (var ordinal = random.Next(3); expected.Count < 20; ordinal += random.Next(1, 4))
        {
            if (random.Next(3) == 0)
                schema = schema.With([Column($"c{schema.Columns.Count}", Types[random.Next(Types.Length)])]);
            var isUndone = random.Next(4) == 0;
            var source = Source(random, ordinal);
            var rows = new List<string>();
            await spool.BeginObjectAsync(source, ordinal, default);
            for (var batches = random.Next(4); batches > 0; batches--)
            {
                var batch = Fill(random, schema, rows: random.Next(5) switch { 0 => 0, 1 => 1, 2 => 64, 3 => random.Next(200), _ => random.Next(3_000) });
                await spool.WriteAsync(batch, default);
                rows.AddRange(Texts(batch));
            }
            if (isUndone)
            {
                spool.UndoObject();
                continue;
            }
            await spool.EndObjectAsync(default);
            expected.Add((source, ordinal, rows));
        }
        await spool.FlushAsync(default);

        Assert.Equal(expected.Sum(e => e.Rows.Count), spool.Rows);
        for (var reading = 0; reading < 2; reading++)
        {
            var reader = spool.OpenReader();
            foreach (var (source, ordinal, rows) in expected)
            {
                Assert.True(await reader.BeginObjectAsync(default));
                Assert.Equal((source, ordinal), (reader.Source, reader.Ordinal));
                Assert.Equal(source.LastModified.Offset, reader.Source.LastModified.Offset);
                Assert.Equal(rows, await ReadAsync(reader));
            }
            Assert.False(await reader.BeginObjectAsync(default));
        }
    }

    [Theory]
    [MemberData(nameof(AllTypes))]
    public async Task The_limits_of_a_type_are_kept(ColumnType type)
    {
        var schema = new FeedSchema([Column("c", type)]);
        var batch = new RowBatch(schema);
        switch (batch.Columns[0])
        {
            case FixedVector<bool> column: Append(column, true, false); break;
            case FixedVector<int> column: Append(column, int.MinValue, 0, int.MaxValue); break;
            case FixedVector<long> column: Append(column, long.MinValue, -1, long.MaxValue); break;
            case FixedVector<double> column: Append(column, double.NaN, double.NegativeInfinity, -0.0, double.Epsilon, double.MaxValue); break;
            case FixedVector<Int128> column: Append(column, Int128.MinValue, Int128.NegativeOne, Int128.MaxValue); break;
            case Utf8Vector column:
                foreach (var text in (string[])["", "\0", "😀", "{\"a\":null}", new string('x', 700_000)])
                    column.Append(Encoding.UTF8.GetBytes(text));
                break;
        }
        batch.Columns[0].AppendNull();
        batch.CompleteRows(batch.Columns[0].Count);

        Assert.Equal(Texts(batch), await RoundTripAsync(batch));
    }

    [Fact]
    public async Task Bits_of_rows_that_were_never_completed_are_not_read()
    {
        var batch = new RowBatch(new FeedSchema([Column("c", ColumnType.BigInt)]));
        var column = (FixedVector<long>)batch.Columns[0];
        column.Append(1);
        column.Reserve(1)[0] = 2;
        column.MarkNull(1); // and not counted
        batch.CompleteRow();
        using var spool = new RowSpool(new MemoryStream());
        await WriteAsync(spool, 0, batch);
        var second = new RowBatch(batch.Schema);
        Append((FixedVector<long>)second.Columns[0], 5, 6);
        second.CompleteRows(2);
        await WriteAsync(spool, 1, second);
        await spool.FlushAsync(default);

        var reader = spool.OpenReader();

        Assert.True(await reader.BeginObjectAsync(default));
        Assert.Equal(["1"], await ReadAsync(reader));
        Assert.True(await reader.BeginObjectAsync(default));
        Assert.Equal(["5", "6"], await ReadAsync(reader));
    }

    [Fact]
    public async Task Objects_are_passed_over_with_the_number_of_their_rows()
    {
        var random = new Random(7);
        var schema = new FeedSchema(Types.Select((t, i) => Column($"c{i}", t)));
        using var spool = new RowSpool(new MemoryStream());
        int[] counts = [0, 5_000, 1, 12_000];
        foreach (var (ordinal, count) in counts.Index())
            await WriteAsync(spool, ordinal, Fill(random, schema, count / 2), Fill(random, schema, count - (count / 2)));
        await spool.FlushAsync(default);

        var reader = spool.OpenReader();
        var skipped = new List<long>();
        while (await reader.BeginObjectAsync(default))
            skipped.Add(await reader.SkipAsync(default));

        Assert.Equal(counts.Select(c => (long)c), skipped);
    }

    [Fact]
    public async Task A_spool_that_lacks_its_end_is_an_error_not_fewer_rows()
    {
        var file = new MemoryStream();
        using var spool = new RowSpool(file);
        await WriteAsync(spool, 0, Fill(new Random(1), new FeedSchema([Column("c", ColumnType.Text)]), 100));
        await spool.FlushAsync(default);
        file.SetLength(file.Length - 9); // the record that ends the object

        var reader = spool.OpenReader();
        await reader.BeginObjectAsync(default);

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(reader));
    }

    [Fact]
    public void Rows_are_left_out_of_a_batch_of_every_type()
    {
        var batch = Fill(new Random(5), new FeedSchema(Types.Select((t, i) => Column($"c{i}", t))), 500);
        int[] kept = [.. Enumerable.Range(0, 500).Where(i => i % 7 != 3)];

        var rest = VectorBytes.Keep(batch, kept);

        var all = Texts(batch);
        Assert.Equal(kept.Select(i => all[i]), Texts(rest));
    }

    public static TheoryData<ColumnType> AllTypes => [.. Types];

    private static async Task<List<string>> RoundTripAsync(RowBatch batch)
    {
        using var spool = new RowSpool(new MemoryStream());
        await WriteAsync(spool, 0, batch);
        await spool.FlushAsync(default);
        var reader = spool.OpenReader();
        Assert.True(await reader.BeginObjectAsync(default));
        return await ReadAsync(reader);
    }

    private static async Task WriteAsync(RowSpool spool, long ordinal, params RowBatch[] batches)
    {
        await spool.BeginObjectAsync(Source(new Random(1), ordinal), ordinal, default);
        foreach (var batch in batches)
            await spool.WriteAsync(batch, default);
        await spool.EndObjectAsync(default);
    }

    private static async Task<List<string>> ReadAsync(RowSpoolReader reader)
    {
        var rows = new List<string>();
        while (await reader.ReadAsync(default) is { } batch)
            rows.AddRange(Texts(batch));
        return rows;
    }

    private static FeedColumn Column(string name, ColumnType type) => type == ColumnType.Decimal ? new(name, name, type, 4) : new(name, name, type);

    private static SourceObject Source(Random random, long ordinal) => new(
        "bucket", $"in/{ordinal}-\ud83d-{new string('k', random.Next(1_000))}", random.Next().ToString("x", null), random.NextInt64(),
        new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks / 2), TimeSpan.Zero), random.Next(2) == 0);

    private static RowBatch Fill(Random random, FeedSchema schema, int rows)
    {
        var batch = new RowBatch(schema);
        var withNulls = schema.Columns.Select(_ => random.Next(3) > 0).ToList();
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < batch.Columns.Length; i++)
            {
                if (withNulls[i] && random.Next(3) == 0)
                    batch.Columns[i].AppendNull();
                else
                    AppendRandom(random, batch.Columns[i]);
            }
            batch.CompleteRow();
        }
        return batch;
    }

    private static void AppendRandom(Random random, ColumnVector vector)
    {
        switch (vector)
        {
            case FixedVector<bool> column: column.Append(random.Next(2) == 0); break;
            case FixedVector<int> column: column.Append(random.Next(int.MinValue, int.MaxValue)); break;
            case FixedVector<long> column: column.Append(random.NextInt64(long.MinValue, long.MaxValue)); break;
            case FixedVector<double> column: column.Append(BitConverter.Int64BitsToDouble(random.NextInt64())); break;
            case FixedVector<Int128> column: column.Append(new Int128((ulong)random.NextInt64(), (ulong)random.NextInt64())); break;
            case Utf8Vector column: column.Append(Encoding.UTF8.GetBytes(new string('é', random.Next(random.Next(50) == 0 ? 9_000 : 20)))); break;
        }
    }

    private static void Append<T>(FixedVector<T> column, params T[] values)
        where T : unmanaged
    {
        foreach (var value in values)
            column.Append(value);
    }

    // The exact bits of each row.
    private static List<string> Texts(RowBatch batch)
    {
        var rows = new List<string>();
        for (var row = 0; row < batch.Count; row++)
        {
            var texts = new List<string>();
            foreach (var vector in batch.Columns)
                texts.Add(vector.IsNull(row) ? "∅" : Text(vector, row));
            rows.Add(string.Join('|', texts));
        }
        return rows;
    }

    private static string Text(ColumnVector vector, int row) => vector switch
    {
        FixedVector<bool> column => $"{column[row]}",
        FixedVector<int> column => $"{column[row]}",
        FixedVector<long> column => $"{column[row]}",
        FixedVector<double> column => $"{BitConverter.DoubleToInt64Bits(column[row])}",
        FixedVector<Int128> column => $"{column[row]}",
        Utf8Vector column => Encoding.UTF8.GetString(column[row]),
        _ => throw new NotSupportedException(vector.GetType().Name),
    };
}
