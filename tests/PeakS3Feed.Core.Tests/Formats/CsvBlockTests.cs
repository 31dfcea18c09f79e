using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Formats;

/// <summary>Rows taken many at once, held against the same rows read one by one.</summary>
public class CsvBlockTests
{
    private static readonly byte[][] Pieces =
    [
        "a"u8.ToArray(), "12"u8.ToArray(), ","u8.ToArray(), ","u8.ToArray(), ";"u8.ToArray(), "\""u8.ToArray(), "\""u8.ToArray(), "\"\""u8.ToArray(), "\n"u8.ToArray(),
        "\n"u8.ToArray(), "\r\n"u8.ToArray(), "\r"u8.ToArray(), " "u8.ToArray(), "é"u8.ToArray(), [0xFF], [0xC3], [0], "\\"u8.ToArray(), "NULL"u8.ToArray(),
        "#"u8.ToArray(), "\n#"u8.ToArray(), "\n#a,\"b\n"u8.ToArray(), "\u3000"u8.ToArray(), "\" "u8.ToArray(),
        "\n\"x,y\"\"z\","u8.ToArray(), "\r\n1,2\r\n"u8.ToArray(), "a long value that is longer than a vector of the processor is, by far"u8.ToArray(),
    ];

    private static readonly Gen<(CsvOptions Options, byte[] Bytes, int[] Chunks)> Hostile =
        from separator in Gen.Elements(",", ",", ";", "::")
        from quote in Gen.Elements<char?>('"', '"', '"', null)
        from escape in Gen.Elements<char?>(null, null, null, '\\')
        from nulls in Gen.Elements<string[]>([], [], ["NULL"])
        from header in Gen.Elements("a,b\n", "a\r\n", "a,b,c\r\n", "\"a\"\n", "a;b\n")
        from lineEnd in Gen.Elements(CsvLineEndRule.Auto, CsvLineEndRule.Auto, CsvLineEndRule.First, CsvLineEndRule.CrLf, CsvLineEndRule.Lf)
        from comment in Gen.Elements(null, null, "#", "a#")
        from trims in Gen.Elements(false, false, true)
        from empty in Gen.Elements(false, false, true)
        from last in Gen.Elements(0, 0, 1, 2, 5)
        from length in Gen.Choose(0, 90)
        from pieces in Gen.Elements(Pieces).ArrayOf(length)
        from chunks in Gen.OneOf(Gen.Choose(1, 40).NonEmptyListOf(), Gen.Constant(new List<int> { 100_000 }))
        select (
            new CsvOptions { Separator = separator, Quote = quote, Escape = escape, NullValues = nulls, LineEnd = lineEnd, CommentPrefix = comment, TrimValues = trims, EmptyAsNull = empty, SkipLastRows = last },
            (byte[])[.. Encoding.UTF8.GetBytes(header), .. pieces.SelectMany(p => p)],
            chunks.ToArray());

    private enum Blocks
    {
        None,
        Whole,

        // Now all, now one, and now and then one is read by itself: what is left must still be found.
        InParts,
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Rows_of_blocks_are_those_that_are_read_one_by_one_whatever_the_bytes()
    {
        var taken = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(45_000), Prop.ForAll(Arb.From(Hostile), c => taken += SameBothWays(c.Bytes, c.Options, c.Chunks)));
        Assert.InRange(taken, 10_000, int.MaxValue);
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void And_of_files_in_any_dialect()
    {
        var taken = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(Arb.From(CsvCase.Any), c => taken += SameBothWays(c.Write().Bytes, c.Options, c.Chunks)));
        Assert.InRange(taken, 100, int.MaxValue);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Plain_rows_are_all_taken_but_the_first_and_the_last(string lineEnd)
    {
        var rows = Enumerable.Range(0, 10_000).Select(i => i % 7 == 0 ? $"{i},\"a, \"\"b\"\"\n{i}\"" : $"{i},é{i}");
        var bytes = Encoding.UTF8.GetBytes(string.Concat(rows.Prepend("id,name").Select(r => r + lineEnd)).TrimEnd());
        var (read, taken) = await ReadAsync(bytes, new CsvOptions(), [1_000_000], Blocks.Whole);
        Assert.Equal((10_000, 9_998), (read.Count, taken));
    }

    [Fact]
    public async Task A_row_that_is_not_UTF_8_is_left_out_of_the_block_and_those_behind_it_are_not()
    {
        var text = string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},x{(i == 40 ? '\u00FF' : 'y')}\n"));
        var (rows, taken) = await ReadAsync(Encoding.Latin1.GetBytes("id,name\n" + text), new CsvOptions(), [1_000_000], Blocks.InParts);
        Assert.Equal(98, taken); // not the first one, which is read with the header, nor the bad one
        Assert.Equal("!the row is not valid UTF-8 (name) at 42", rows[40]);
    }

    /// <summary>Reads in both ways; gives how many rows were taken from blocks.</summary>
    private static int SameBothWays(byte[] bytes, CsvOptions options, int[] chunks)
    {
        var (expected, _) = ReadAsync(bytes, options, chunks, Blocks.None).GetAwaiter().GetResult();
        var (rows, taken) = ReadAsync(bytes, options, chunks, Blocks.InParts).GetAwaiter().GetResult();
        Assert.Equal(expected, rows);
        return taken;
    }

    private static async Task<(List<string> Rows, int Taken)> ReadAsync(byte[] bytes, CsvOptions options, int[] chunks, Blocks blocks)
    {
        var all = new CsvReader(new InputBuffer(new ChunkedStream(bytes, chunks), 64), options, Csv.Uri);
        await using RecordReader reader = options.SkipLastRows > 0 ? new CsvFooterReader(all, options.SkipLastRows) : all;
        var rows = new List<string>();
        var taken = 0;
        try
        {
            while (true)
            {
                if (blocks != Blocks.None && reader.Ahead() is { } block)
                {
                    var count = blocks == Blocks.Whole || rows.Count % 3 == 0 ? block.End - block.First : 1;
                    for (var row = block.First; row < block.First + count; row++)
                        rows.Add(string.Join('‖', Enumerable.Range(0, reader.Fields.Count).Select(field => Show(block.Value(row, field, out var kind), kind))));
                    reader.Take(count);
                    taken += count;
                    if (blocks == Blocks.Whole || rows.Count % 5 != 0)
                        continue;
                }

                switch (reader.Read())
                {
                    case ReadResult.NeedsData:
                        await reader.FillAsync(CancellationToken.None);
                        break;
                    case ReadResult.Row:
                        var record = reader.Current;
                        rows.Add(string.Join('‖', Enumerable.Range(0, record.Count).Select(field => Show(record.Value(field), record.Kind(field)))));
                        break;
                    case ReadResult.Malformed:
                        rows.Add($"!{reader.MalformedReason} ({reader.MalformedField}) at {reader.Current.Line}");
                        break;
                    default:
                        rows.AddRange(reader.TakeWarnings().Select(w => w.Text));
                        return (rows, taken);
                }
            }
        }
        catch (FeedException error)
        {
            rows.Add(error.Message);
            return (rows, taken);
        }
    }

    private static string Show(ReadOnlySpan<byte> value, FieldKind kind) => $"{kind}:{Encoding.UTF8.GetString(value)}";
}
