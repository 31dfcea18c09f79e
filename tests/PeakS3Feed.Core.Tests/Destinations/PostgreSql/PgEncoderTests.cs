using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.PostgreSql;

/// <summary>The encoder writes the bytes that a plain one writes, whatever the rows.</summary>
public sealed class PgEncoderTests
{
    private static readonly ColumnType[] Types = Enum.GetValues<ColumnType>();

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Random_batches()
    {
        var random = new Random(20261123);
        using var encoder = new PgEncoder();
        for (var round = 0; round < 200; round++)
        {
            FeedColumn[] columns = [.. Enumerable.Range(0, random.Next(1, 14)).Select(i => Column(i, Types[random.Next(Types.Length)], random))];
            var rows = random.Next(3) == 0 ? random.Next(1_000, 3_000) : random.Next(1, 80);
            var batch = Batch(columns, rows, nulls: random.Next(3) * random.NextDouble(), longest: random.Next(4) == 0 ? 2_000 : 40, random);
            Check(encoder, batch, auditFields: random.Next(3) switch { 0 => 0, 1 => 3, _ => 4 }, order: random.Next(2) == 0 ? null : random.NextInt64());
        }
    }

    [Fact]
    public void Numbers_of_every_length_and_scale()
    {
        using var encoder = new PgEncoder();
        for (var scale = 0; scale <= 38; scale++)
        {
            var vector = new FixedVector<Int128>(new FeedColumn("n", "n", ColumnType.Decimal, Scale: scale));
            Int128 power = 1;
            for (var digits = 0; digits < 38; digits++, power *= 10)
            {
                foreach (var number in new[] { power, power - 1, power + 1, power / 2, power * 17 / 10 })
                {
                    vector.Append(number);
                    vector.Append(-number);
                }
            }
            Int128[] edges = [Int128.MaxValue, -Int128.MaxValue, ulong.MaxValue, ulong.MaxValue / 1000, (ulong.MaxValue / 1000) + 1, (Int128)ulong.MaxValue + 1];
            foreach (var number in edges)
                vector.Append(number);
            Check(encoder, new RowBatch(new FeedSchema([vector.Column]), [vector], vector.Count), auditFields: 0, order: null);
        }
    }

    [Fact]
    public void A_row_longer_than_the_buffer_and_many_short_ones()
    {
        var vector = new Utf8Vector(new FeedColumn("t", "t", ColumnType.Text));
        for (var row = 0; row < 3_000; row++)
            vector.Append(row % 700 == 5 ? new byte[2_000_000] : "short"u8);
        using var encoder = new PgEncoder();
        Check(encoder, new RowBatch(new FeedSchema([vector.Column]), [vector], vector.Count), auditFields: 3, order: 7);
    }

    private static void Check(PgEncoder encoder, RowBatch batch, int auditFields, long? order)
    {
        var audit = PgAuditFields.Encode(auditFields, 1_763_856_000_123_456, "s3://bucket/ä"u8, "run"u8);
        var tail = new PlainPgEncoder();
        if (auditFields > 0)
        {
            tail.Timestamp(1_763_856_000_123_456);
            tail.Text("s3://bucket/ä"u8);
            tail.Text("run"u8);
        }
        if (auditFields == 4)
            tail.Timestamp(1_763_856_000_123_456);
        var expectedTail = tail.Written;

        for (var row = 0; row < batch.Count;)
        {
            var plain = new PlainPgEncoder();
            var rows = encoder.Encode(batch, row, batch.Count, audit, auditFields, order + row);
            Assert.InRange(rows, 1, PgEncoder.MaxRows);
            for (var i = 0; i < rows; i++)
                plain.Row(batch, row + i, expectedTail, auditFields, order + row + i);
            Assert.True(plain.Written.AsSpan().SequenceEqual(encoder.Written.Span), $"Rows {row} to {row + rows} of {string.Join(", ", batch.Schema.Columns)} differ.");
            row += rows;
        }
    }

    private static FeedColumn Column(int number, ColumnType type, Random random)
        => type == ColumnType.Decimal
            ? new FeedColumn($"c{number}", $"c{number}", type, Scale: random.Next(39))
            : new FeedColumn($"c{number}", $"c{number}", type);

    private static RowBatch Batch(FeedColumn[] columns, int rows, double nulls, int longest, Random random)
    {
        var batch = new RowBatch(new FeedSchema(columns));
        for (var row = 0; row < rows; row++)
        {
            foreach (var column in batch.Columns)
            {
                if (random.NextDouble() < nulls)
                    column.AppendNull();
                else
                    Append(column, longest, random);
            }
            batch.CompleteRow();
        }
        return batch;
    }

    private static void Append(ColumnVector column, int longest, Random random)
    {
        switch (column.Column.Type)
        {
            case ColumnType.Text or ColumnType.Json:
                var bytes = new byte[random.Next(longest + 1)];
                random.NextBytes(bytes);
                ((Utf8Vector)column).Append(bytes);
                break;
            case ColumnType.Boolean:
                ((FixedVector<bool>)column).Append(random.Next(2) == 0);
                break;
            case ColumnType.Decimal:
                ((FixedVector<Int128>)column).Append((Int128)random.NextInt64(long.MinValue, long.MaxValue) * random.NextInt64() >> random.Next(126));
                break;
            case ColumnType.Double:
                ((FixedVector<double>)column).Append(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
                break;
            case ColumnType.Date:
                ((FixedVector<int>)column).Append(random.Next(-719_162, 2_932_897));
                break;
            default:
                ((FixedVector<long>)column).Append(random.NextInt64(-62_135_596_800_000_000, 253_402_300_800_000_000));
                break;
        }
    }
}
