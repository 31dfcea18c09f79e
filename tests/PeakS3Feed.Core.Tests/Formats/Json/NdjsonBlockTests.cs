using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Json;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Rows;
using static PeakS3Feed.Tests.Rows.Assembly;

namespace PeakS3Feed.Tests.Formats.Json;

/// <summary>Lines that are read many at once, compared with the same lines parsed one by one.</summary>
public class NdjsonBlockTests
{
    private static readonly Gen<int> Seeds = Gen.Choose(0, int.MaxValue);

    private static readonly FeedSchema Typed = Schema(
        Column("id", ColumnType.BigInt), Column("name", ColumnType.Text), Column("é", ColumnType.Decimal, scale: 2), Column("", ColumnType.Json));

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Rows_of_blocks_are_those_that_are_parsed_one_by_one()
    {
        var taken = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(Arb.From(Seeds), seed =>
        {
            var random = new Random(seed);
            var file = JsonLikeRowsTests.Write(FileType.Ndjson, random, maxRows: 40);
            int[] chunks = random.Next(2) == 0 ? [100_000] : [random.Next(1, 300), random.Next(1, 8)];
            var (expected, _) = Read(file, [100_000], random: null);
            var (rows, inBlocks) = Read(file, chunks, random);
            Assert.Equal(expected.Select(r => r.Row), rows.Select(r => r.Row));
            Assert.All(expected.Zip(rows).Where(pair => pair.Second.At.Length > 0), pair => Assert.Equal(pair.First.At, pair.Second.At));
            taken += inBlocks;
        }));
        Assert.InRange(taken, 10_000, int.MaxValue);
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Typed_columns_and_rejects_are_those_of_rows_that_are_parsed_one_by_one() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Arb.From(Seeds), seed =>
        {
            var file = JsonLikeRowsTests.Write(FileType.Ndjson, new Random(seed), maxRows: 40);
            var options = Options with
            {
                NewFields = seed % 3 == 0 ? NewFieldAction.Ignore : NewFieldAction.Add,
                KeyColumns = seed % 5 == 0 ? ["id"] : [],
                Limits = new ValueLimits { MaxTextBytes = seed % 7 == 0 ? 20 : null, AllowNul = seed % 2 == 0, StoresJsonValues = seed % 11 == 0 },
            };
            Assert.Equal(Assemble(file, options, parsesAll: true), Assemble(file, options, parsesAll: false));
        }));

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Rows_of_one_shape_are_all_in_blocks_except_the_first_and_an_open_last_line(string lineEnd)
    {
        var lines = Enumerable.Range(0, 10_000).Select(i => $$"""{"id":{{i}},"name":"{{(i % 9 == 0 ? "a\\n\\u0000" : "b")}}","x":{{(i % 7 == 0 ? "null" : "[1]")}}}""");
        var (rows, taken) = Read(Encoding.UTF8.GetBytes(string.Join(lineEnd, lines)), [100_000], new Random(1), whole: true);
        Assert.Equal(10_000, rows.Count - 1);
        Assert.InRange(taken, 9_900, 9_998); // each fill of the buffer cuts one row
    }

    [Fact]
    public void Rows_that_omit_members_or_change_their_order_are_in_blocks_too()
    {
        var lines = Enumerable.Range(0, 1_000).Select(i => (i % 3) switch
        {
            0 => $$"""{"a":{{i}},"b":"x","c":true}""",
            1 => $$"""{"a":{{i}},"c":false}""",
            _ => $$"""{"b":"y"}""",
        });
        var (rows, taken) = Read(Encoding.UTF8.GetBytes(string.Join('\n', lines)), [100_000], new Random(1), whole: true);
        Assert.Equal(1_000, rows.Count - 1);
        Assert.InRange(taken, 900, 998);
    }

    private static List<string> Assemble(byte[] file, RowAssemblerOptions options, bool parsesAll)
    {
        var text = new List<string>();
        var reader = new NdjsonReader(new InputBuffer(new ChunkedStream(file, [])), JsonRows.Uri) { ParsesAll = parsesAll };
        var assembler = new RowAssembler(Typed, options);
        try
        {
            AssembledBatch batch;
            do
            {
                batch = assembler.ReadAsync(reader, Source, null, 1000, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                text.AddRange(batch.Text());
                text.AddRange(batch.Rejects.Select(r => r.ToString()));
                text.Add($"{batch.RowsRead} {assembler.Schema.Types()}");
            }
            while (!batch.EndOfFile);
        }
        catch (FeedException e)
        {
            text.Add($"{e.Id} {e.Position} {e.Message}");
        }

        return text;
    }

    // Without a random source it parses each row. A row of a block has no position of its own; the next row that is read singly has one.
    private static (List<(string Row, string At)> Rows, int Taken) Read(byte[] file, int[] chunks, Random? random, bool whole = false)
    {
        var rows = new List<(string, string)>();
        var taken = 0;
        var reader = new NdjsonReader(new InputBuffer(new ChunkedStream(file, chunks)), JsonRows.Uri) { ParsesAll = random is null };
        try
        {
            while (true)
            {
                if ((whole || random?.Next(4) > 0) && reader.Ahead() is { } block)
                {
                    var count = whole ? block.End - block.First : random!.Next(1, block.End - block.First + 1);
                    for (var row = block.First; row < block.First + count; row++)
                        rows.Add((Shown(block, row, reader.Fields.Count), ""));
                    reader.Take(count);
                    taken += count;
                    continue;
                }

                var result = reader.Read();
                if (result == ReadResult.NeedsData)
                    reader.FillAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
                else if (result == ReadResult.End)
                    break;
                else
                    rows.Add((Shown(reader, result), $"{reader.Current.Line} {reader.Current.ByteOffset}"));
            }
        }
        catch (FeedException e)
        {
            rows.Add(($"{e.Id} {e.Position} {e.Message}", ""));
        }

        rows.Add((string.Join(' ', reader.Fields), ""));
        return (rows, taken);
    }

    private static string Shown(JsonRowBlock block, int row, int fields)
    {
        var values = new List<string>();
        for (var field = 0; field < fields; field++)
        {
            var value = block.Value(row, field, out var kind);
            values.Add(Shown(value, kind));
        }

        return $"Row {block.LengthOf(row)} {string.Join('|', values).TrimEnd('|')}";
    }

    private static string Shown(JsonReader reader, ReadResult result)
    {
        var record = reader.Current;
        if (result == ReadResult.Malformed)
            return $"{result} {record.Raw.Length} {reader.MalformedReason} {reader.MalformedField}";
        var values = Enumerable.Range(0, record.Count).Select(f => Shown(record.Kind(f) == FieldKind.Missing ? [] : record.Value(f), record.Kind(f)));
        return $"{result} {record.Raw.Length} {string.Join('|', values).TrimEnd('|')}";
    }

    private static string Shown(ReadOnlySpan<byte> value, FieldKind kind)
        => kind == FieldKind.Missing ? "" : $"{kind} {Convert.ToHexString(value)}";
}
