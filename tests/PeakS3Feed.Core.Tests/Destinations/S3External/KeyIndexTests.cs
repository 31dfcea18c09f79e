using System.Buffers.Binary;
using System.Text;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>The staged keys of an Upsert, in memory and in a temporary file.</summary>
public sealed class KeyIndexTests
{
    private const int Keys = 3000;
    private const int Rows = 10_000;

    [Theory]
    [InlineData(0)]
    [InlineData(50_000)]
    [InlineData(long.MaxValue)]
    public async Task The_last_row_of_each_key_in_loading_order_stays(long memoryBytes)
    {
        var rows = Generate();
        using var index = new KeyIndex(memoryBytes);
        await Parallel.ForEachAsync(rows.Chunk(100), (some, _) =>
        {
            index.Add(some);
            return ValueTask.CompletedTask;
        });

        MustBe(rows, index.FindDuplicates(_ => false));
        // Rows were dropped, and then more of them.
        var kept = rows.Where(r => r.Row % 3 != 0).ToArray();
        MustBe(kept, index.FindDuplicates(k => k.Row % 3 == 0));
        kept = [.. kept.Where(r => r.Ordinal != 7)];
        MustBe(kept, index.FindDuplicates(k => k.Row % 3 == 0 || k.Ordinal == 7));

        var last = kept.GroupBy(r => r.Hash).ToDictionary(g => g.Key, Last);
        // Each key is in the first or in the second file.
        using var table = new TableKeys(index, memoryBytes);
        await Parallel.ForAsync(0, 2, (file, _) =>
        {
            var keys = table.ForFile(file);
            for (var i = (2 * Keys) - 1; i >= 0; i--)
            {
                if (i % 2 == file)
                    keys.Add(Hash(i), i);
            }
            keys.Complete();
            return ValueTask.CompletedTask;
        });
        var found = new Dictionary<TableKey, StagedKey>();
        index.Join(table, found.Add, default);
        Assert.Equal(last.Count, found.Count);
        Assert.All(found, f => Assert.Equal((last[f.Key.Hash], f.Key.At % 2), (f.Value, f.Key.File)));
    }

    [Fact]
    public void Each_row_of_the_table_with_the_key_is_found()
    {
        using var index = new KeyIndex();
        index.Add([new StagedKey(Hash(1), 0, 0, 0, 0)]);
        index.FindDuplicates(_ => false);
        using var table = new TableKeys(index);
        var keys = table.ForFile(7);
        foreach (var (key, at) in ((int, int)[])[(1, 4), (2, 5), (1, 6)])
            keys.Add(Hash(key), at);
        keys.Complete();
        var found = new List<(int, int)>();
        index.Join(table, (row, _) => found.Add((row.File, row.At)), default);
        Assert.Equal([(7, 4), (7, 6)], found.Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void A_filter_admits_each_key_of_the_set_and_few_others(int keys)
    {
        var filter = new KeyFilter(keys);
        for (var i = 0; i < keys; i++)
            filter.Add(Hash(i));
        Assert.All(Enumerable.Range(0, keys), i => Assert.True(filter.MayHave(Hash(i))));
        Assert.InRange(Enumerable.Range(keys, 100_000).Count(i => filter.MayHave(Hash(i))), 0, 2_000);
    }

    [Fact]
    public void Keys_that_are_equal_have_one_hash_and_others_have_not()
    {
        Assert.Equal(Of(ColumnType.Double, -0.0), Of(ColumnType.Double, 0.0));
        Assert.Equal(Of(ColumnType.Double, double.NaN), Of(ColumnType.Double, BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8000000000001))));
        Assert.NotEqual(Of(ColumnType.Double, double.NaN), Of(ColumnType.Double, double.PositiveInfinity));
        var most = Int128.Parse(new string('9', 38), null);
        Assert.Distinct(((Int128[])[most, most - 1, -most, 0]).Select(d => Of(ColumnType.Decimal, d)));
        // Of two texts, the boundary counts; and lengths on both sides of the one from which a hash has fewer bits than the key.
        Assert.NotEqual(Texts("a", "bc"), Texts("ab", "c"));
        Assert.NotEqual(Texts("", "x"), Texts("x", ""));
        Assert.Distinct(Enumerable.Range(1, 40).SelectMany(
            n => new[] { Texts(new string('a', n)), Texts(new string('\0', n)), Texts(new string('a', n), "") }));

        static UInt128 Of<T>(ColumnType type, T value)
            where T : unmanaged
        {
            var vector = (FixedVector<T>)ColumnVector.Create(new FeedColumn("c", "c", type));
            vector.Append(value);
            return new KeyHasher().Hash([vector], 0);
        }

        static UInt128 Texts(params string[] texts) => new KeyHasher().Hash(
            [.. texts.Select(t =>
            {
                var vector = (Utf8Vector)ColumnVector.Create(new FeedColumn("c", "c", ColumnType.Text));
                vector.Append(Encoding.UTF8.GetBytes(t));
                return vector;
            })],
            0);
    }

    private static StagedKey[] Generate()
    {
        var random = new Random(1);
        var at = new int[5];
        var rows = Enumerable.Range(0, Rows)
            .Select(i => new StagedKey(Hash(random.Next(Keys)), Ordinal: i % 10, Row: i / 10, Part: i % 5, At: at[i % 5]++)).ToArray();
        random.Shuffle(rows);
        return rows;
    }

    private static UInt128 Hash(int key)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, key);
        return KeyHasher.Hash(bytes);
    }

    private static StagedKey Last(IEnumerable<StagedKey> rows) => rows.OrderBy(r => r.Ordinal).ThenBy(r => r.Row).Last();

    private static void MustBe(StagedKey[] rows, Dictionary<int, RowSet> duplicates)
    {
        var last = rows.GroupBy(r => r.Hash).Select(Last).ToHashSet();
        Assert.Equal(
            rows.Where(r => !last.Contains(r)).Select(r => (r.Part, (long)r.At)).Order(),
            duplicates.SelectMany(d => d.Value.Rows().Select(row => (d.Key, row))).Order());
    }
}
