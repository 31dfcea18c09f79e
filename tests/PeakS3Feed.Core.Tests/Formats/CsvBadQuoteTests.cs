using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Formats;

/// <summary>Rows whose quotes are wrong: each costs itself, and no other row.</summary>
public class CsvBadQuoteTests
{
    private const string Warning = "CsvRowsInQuotes";

    private enum Damage
    {
        None,
        OpeningQuote,
        TextBehindQuote,
        Both,
    }

    private static readonly Gen<(CsvOptions Options, string LineEnd, string[][] Rows, Damage[] Damages, int[] Fields, int[] Chunks)> Files =
        from width in Gen.Choose(2, 5)
        from escape in Gen.Elements<char?>(null, null, '\\')
        from separator in Gen.Elements(",", ";", "::", "\t")
        from lineEnd in Gen.Elements("\n", "\r\n", "\r")
        from rows in Gen.Elements("a", "12", "x y", "é", "\"q\"", "\"q\"", "\"b c\"", "5\" disk", "").ArrayOf(width).NonEmptyListOf()
        from damages in Gen.Elements(Damage.None, Damage.None, Damage.None, Damage.OpeningQuote, Damage.TextBehindQuote, Damage.Both).ArrayOf(rows.Count)
        from fields in Gen.Choose(0, width - 1).ArrayOf(rows.Count)
        from chunks in Gen.OneOf(Gen.Choose(1, 30).NonEmptyListOf(), Gen.Constant(new List<int> { 100_000 }))
        select (new CsvOptions { Separator = separator, Escape = escape }, lineEnd, rows.ToArray(), damages, fields, chunks.ToArray());

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Every_row_that_was_not_damaged_loads_and_nothing_else_does()
    {
        var (rejects, recovered) = (0, 0L);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll(Arb.From(Files), f =>
        {
            var (content, good, bad) = Write(f.Options, f.LineEnd, f.Rows, f.Damages, f.Fields);
            var (rows, warnings) = Read(content, f.Options, f.Chunks);
            Assert.Equal(good, rows.Where(r => r.Text[0] != '!').Select(r => r.Raw));
            Assert.Equal(bad, rows.Where(r => r.Text[0] == '!').Select(r => r.Raw));
            rejects += bad.Count;
            recovered += warnings;
        }));
        Assert.InRange(rejects, 5_000, int.MaxValue);
        Assert.InRange(recovered, 5_000, int.MaxValue);
    }

    [Fact]
    public async Task A_stray_quote_among_ten_thousand_rows_costs_its_own_row()
    {
        var rows = Enumerable.Range(1, 10_000).Select(i => i switch { 1 => "1,\"", 9_998 => "9998,\"x\"y", _ => $"{i},v{i}" });
        var reader = Open(Encoding.UTF8.GetBytes("a,b\n" + string.Concat(rows.Select(r => r + "\n"))), new CsvOptions(), [100_000]);
        var (read, error) = await Csv.ReadToTheEnd(reader);
        Assert.Null(error);
        Assert.Equal(9_998, read.Count(r => r.Text[0] != '!'));
        Assert.Equal(
            [(2L, "b", "1,\"", "!text follows the closing quote of field 2 on line 9999"), (9_999L, "b", "9998,\"x\"y", "!text follows the closing quote of field 2")],
            read.Where(r => r.Text[0] == '!').Select(r => (r.Line, r.Fault!, r.Raw, r.Text)));
        var warning = Assert.Single(reader.TakeWarnings());
        Assert.Equal((Warning, 2L, 9_996L), (warning.Id, warning.Position!.Line, warning.Count));
        Assert.Contains("line 2 closes on line 9999", warning.Text, StringComparison.Ordinal);
        Assert.Contains("9,996 rows in all", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_stretch_is_told_with_its_rows()
    {
        var reader = Open("a,b\n1,\"x\n2,y\n3,\"z\"\n4,w\n5,\"x\n6,\"z\"\n7,v\n"u8.ToArray(), new CsvOptions(), [3]);
        var (rows, _) = await Csv.ReadToTheEnd(reader);
        Assert.Equal(["2,y", "3,\"z\"", "4,w", "6,\"z\"", "7,v"], rows.Where(r => r.Text[0] != '!').Select(r => r.Raw));
        var warning = Assert.Single(reader.TakeWarnings()); // one file, one warning: the places are among the rejects
        Assert.Equal((2L, 3L), (warning.Position!.Line, warning.Count));
    }

    // Each opens a quote that another one closes, in ways that make the row end far away: after many fields, after one, at the very end.
    public static TheoryData<string, string, string> Hostile => new()
    {
        { "x\",\"y\n", "a,b", "z\"w\n" },
        { "x\",\"y\n", WideHeader(), "z\"w\n" },
        { "\",\"y\n", WideHeader(), "z\"w\n" },
        { "1,\"x\n", "a,b", "1,\"x\"\n" },
        { "\"\"\"\n", "a,b", "\"x\n" },
        { "1,\"\"\"\"x\n", "a,b", "\n" },
        { "\"\n", "a,b", "x\n" },
        { "1,\"a\n\n\n\n2,\"b\"c\n", "a,b", "\n" },
    };

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_files_are_read_in_linear_time(string line, string header, string last)
    {
        foreach (var escape in new char?[] { null, '\\' })
        {
            var small = Work(line, header, last, 1_000_000, escape);
            var large = Work(line, header, last, 16_000_000, escape);
            Assert.InRange(small, 0, 12);
            Assert.InRange(large, 0, 12);
        }
    }

    [Fact]
    public void A_badly_quoted_header_is_an_error()
        => Assert.Equal("CsvHeaderInvalid", Assert.Throws<PeakS3Feed.Errors.FeedException>(() => Csv.Read("a,\"b\n1,\"x\"\n2,y\n")).Id);

    [Fact]
    public void Without_a_header_the_first_row_that_can_be_read_settles_the_width()
        => Assert.Equal(
            ["!text follows the closing quote of field 2 on line 2", "2‖\"x\"", "3‖y"],
            Csv.Read("1,\"a\n2,\"x\"\n3,y\n", new CsvOptions { HasHeader = false }));

    // How often each byte is looked at, on average.
    private static double Work(string line, string header, string last, int bytes, char? escape)
    {
        var times = (bytes - last.Length - header.Length - 1) / line.Length;
        var content = Encoding.UTF8.GetBytes($"{header}\n{new StringBuilder().Insert(0, line, times)}{last}");
        var reader = Open(content, new CsvOptions { Escape = escape }, [1_000_000]);
        var left = content.Length / 2; // as many reads as there can be rows
        try
        {
            for (var result = reader.Read(); result != ReadResult.End; result = reader.Read())
            {
                if (result == ReadResult.NeedsData)
                    reader.FillAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
                else
                    Assert.True(left-- > 0);
                // As when rows are loaded: what can be taken at once is.
                while (reader.Ahead() is { } block)
                    reader.Take(block.End - block.First);
            }
        }
        catch (PeakS3Feed.Errors.FeedException e)
        {
            Assert.Contains(e.Id, (string[])["CsvQuoteNotClosed", "CsvRowTooLong"]);
        }

        return (double)reader.BytesScanned / content.Length;
    }

    private static string WideHeader() => string.Join(',', Enumerable.Range(0, 10_000).Select(i => i.ToString(CultureInfo.InvariantCulture)));

    private static (List<Csv.Row> Rows, long Recovered) Read(string content, CsvOptions options, int[] chunks)
    {
        var reader = Open(Encoding.UTF8.GetBytes(content), options, chunks);
        var (rows, error) = Csv.ReadToTheEnd(reader).GetAwaiter().GetResult();
        Assert.Null(error);
        return (rows, reader.TakeWarnings().Where(w => w.Id == Warning).Sum(w => w.Count));
    }

    private static CsvReader Open(byte[] content, CsvOptions options, int[] chunks)
        => new(new InputBuffer(new ChunkedStream(content, chunks), 64), options, Csv.Uri);

    // The last row always closes what is open, for a quote that is never closed fails the file.
    private static (string Content, List<string> Good, List<string> Bad) Write(
        CsvOptions options, string lineEnd, string[][] rows, Damage[] damages, int[] fields)
    {
        var (good, bad) = (new List<string>(), new List<string>());
        var width = rows[0].Length;
        var content = new StringBuilder().AppendJoin(options.Separator, Enumerable.Range(0, width).Select(i => $"h{i}")).Append(lineEnd);
        for (var row = 0; row <= rows.Length; row++)
        {
            var isLast = row == rows.Length;
            var values = isLast ? [.. Enumerable.Repeat("end", width)] : rows[row].ToArray();
            // A bare quote before a separator or a line end would close a stray one as if it belonged there.
            var damage = isLast ? Damage.TextBehindQuote : damages[row];
            var field = isLast ? 0 : fields[row];
            if (damage != Damage.None)
                values = [.. values.Select(v => v.Contains(' ', StringComparison.Ordinal) || v.Contains('"', StringComparison.Ordinal) ? "v" : v)];
            if (damage is Damage.TextBehindQuote or Damage.Both)
                values[field] = "\"q\"z";
            if (damage is Damage.OpeningQuote)
                values[field] = "\"s";
            if (damage is Damage.Both)
                values[^1] = field == width - 1 ? "\"q\"z" : "\"s";
            var text = string.Join(options.Separator, values);
            (damage == Damage.None ? good : bad).Add(text);
            content.Append(text).Append(lineEnd);
        }

        return (content.ToString(), good, bad);
    }
}
