using System.Text;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.Parquet;

/// <summary>Rows of every type, with the values that are hard to store, in an order that depends on a seed.</summary>
internal static class GeneratedRows
{
    private const long FirstMicrosecond = -62_135_596_800_000_000; // 0001-01-01
    private const long LastMicrosecond = 253_402_300_799_999_999; // 9999-12-31 23:59:59.999999
    private const int FirstDay = -719_162;
    private const int LastDay = 2_932_896;

    private static readonly Int128 LargestDecimal = Int128.Parse(new string('9', 38), null);

    private static readonly string[] Texts =
    [
        "", " ", "a", "A", "Z", "ab", "\0", "\n", "'", "\"", "ä", "Grüße", "世界", "\uFFFD", "\uFFFF", "\uE000", "😀", "🇨🇭",
        "𐀀", "\U0010FFFF", "e\u0301",
        new('x', 63), new('x', 64), new('x', 65), new string('é', 32) + "z", string.Concat(Enumerable.Repeat("😀", 17)), new('y', 5000),
    ];

    private static readonly Int128[] Decimals = [0, 1, -1, 99, -99, 100, long.MaxValue, long.MinValue, LargestDecimal, -LargestDecimal];

    private static readonly double[] Doubles =
    [
        0.0, -0.0, 1.5, -1.5, 0.1, double.MaxValue, double.MinValue, double.Epsilon, double.PositiveInfinity, double.NegativeInfinity,
    ];

    /// <summary>A column of each type, one that is always NULL, one that never is, and one whose values repeat.</summary>
    public static IReadOnlyList<FeedColumn> Columns { get; } =
    [
        new("id", "id", ColumnType.BigInt), new("flag", "flag", ColumnType.Boolean), new("number", "number", ColumnType.BigInt),
        new("exact", "exact", ColumnType.Decimal, 2), new("whole", "whole", ColumnType.Decimal), new("fraction", "fraction", ColumnType.Decimal, 38),
        new("real", "real", ColumnType.Double), new("unreal", "unreal", ColumnType.Double), new("day", "day", ColumnType.Date),
        new("local", "local", ColumnType.Timestamp), new("instant", "instant", ColumnType.TimestampTz), new("name", "name", ColumnType.Text),
        new("country", "country", ColumnType.Text), new("extra", "extra", ColumnType.Json), new("nothing", "nothing", ColumnType.Text),
        new("never", "never", ColumnType.Decimal, 4),
    ];

    /// <summary>The fields of <see cref="Columns"/>, numbered from 1.</summary>
    public static IReadOnlyList<ParquetField> Fields { get; } = [.. Columns.Select((c, i) => new ParquetField(c, i + 1))];

    /// <summary>Creates the vectors of <see cref="Columns"/>.</summary>
    /// <param name="seed">Decides the values.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="first">The number of the first row.</param>
    public static IReadOnlyList<ColumnVector> Create(int seed, int rows, long first = 0)
    {
        var random = new Random(seed);
        var vectors = Columns.Select(ColumnVector.Create).ToArray();
        for (var row = 0; row < rows; row++)
        {
            ((FixedVector<long>)vectors[0]).Append(first + row);
            for (var i = 1; i < vectors.Length; i++)
            {
                if (Columns[i].Name is "nothing" or "never" || random.Next(8) == 0)
                    vectors[i].AppendNull();
                else
                    Append(vectors[i], random);
            }
        }
        return vectors;
    }

    private static void Append(ColumnVector vector, Random random)
    {
        switch (vector)
        {
            case FixedVector<bool> flags:
                flags.Append(random.Next(2) == 0);
                break;
            case FixedVector<long> numbers when vector.Column.Type == ColumnType.BigInt:
                numbers.Append(random.Next(4) == 0 ? Pick(random, [0L, long.MinValue, long.MaxValue, -1]) : random.NextInt64() >> random.Next(64));
                break;
            case FixedVector<long> times:
                times.Append(random.Next(8) == 0
                    ? Pick(random, [FirstMicrosecond, LastMicrosecond, 0, -1, 1])
                    : random.NextInt64(FirstMicrosecond, LastMicrosecond));
                break;
            case FixedVector<int> days:
                days.Append(random.Next(8) == 0 ? Pick(random, [FirstDay, LastDay, 0]) : random.Next(FirstDay, LastDay));
                break;
            case FixedVector<Int128> decimals:
                decimals.Append(random.Next(2) == 0
                    ? Pick(random, Decimals)
                    : (Int128)random.NextInt64() * random.NextInt64(1, 1_000_000_000_000_000_000));
                break;
            case FixedVector<double> reals:
                reals.Append(random.Next(2) == 0 ? Pick(random, Doubles)
                    : vector.Column.Name == "unreal" && random.Next(4) == 0 ? double.NaN
                    : random.NextDouble() * Math.Pow(10, random.Next(-300, 300)));
                break;
            case Utf8Vector texts:
                texts.Append(Encoding.UTF8.GetBytes(vector.Column.Name switch
                {
                    "country" => Pick(random, ["CH", "DE", "AT", "", "Österreich", "🇨🇭"]),
                    "extra" => $$"""{"a":{{random.Next(100)}},"b":"{{Pick(random, ["😀", "", "ä"])}}"}""",
                    _ => Pick(random, Texts) + (random.Next(2) == 0 ? "" : random.Next().ToString(null, null)),
                }));
                break;
        }
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> values) => values[random.Next(values.Count)];
}
