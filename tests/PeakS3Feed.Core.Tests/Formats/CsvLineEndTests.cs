using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Tests.Formats;

/// <summary>What ends rows, and what is said where that is not plain.</summary>
public class CsvLineEndTests
{
    public static TheoryData<string, CsvLineEndRule, string[], string[]> Files => new()
    {
        { "id,qty\r\n1,5\r\n2,6\n", CsvLineEndRule.Auto, ["1‖5", "2‖6"], ["CsvMixedLineEnds 3 -LineEnd CrLf"] },
        { "email\r\na@x\nb@x\nc@x\n", CsvLineEndRule.Auto, ["a@x", "b@x", "c@x"], ["CsvMixedLineEnds 2 -LineEnd CrLf"] },
        { "a,b\r\n\"1\n\",2\r\n", CsvLineEndRule.Auto, ["\"1\n\"‖2"], [] },
        { "a,b\r\n1,\"2\"\n3,4\r\n", CsvLineEndRule.Auto, ["1‖\"2\"", "3‖4"], ["CsvMixedLineEnds 2 -LineEnd CrLf"] },
        { "a,b\r\n1,2\r\n\n3,4\r\n", CsvLineEndRule.Auto, ["1‖2", "3‖4"], ["CsvMixedLineEnds 3 -LineEnd CrLf"] },
        { "a,b\n1,2\r\n3,4\n", CsvLineEndRule.Auto, ["1‖2", "3‖4"], [] },
        { "a,b\r\n1\r,2\r\n", CsvLineEndRule.Auto, ["1\r‖2"], ["CsvLineBreakInValue 2 -LineEnd Lf"] },
        { "a,b\n1,2\n3\r3,4\n", CsvLineEndRule.Auto, ["1‖2", "3\r3‖4"], ["CsvLineBreakInValue 3 -LineEnd Lf"] },
        { "a,b\n1,\"2\r\"\n", CsvLineEndRule.Auto, ["1‖\"2\r\""], [] },
        { "a,b\r1\n,2\r", CsvLineEndRule.Auto, ["1\n‖2"], ["CsvLineBreakInValue 2 -LineEnd Cr"] },
        { "a,b\r\n1,2\n3\r,4\n", CsvLineEndRule.Auto, ["1‖2", "3\r‖4"], ["CsvMixedLineEnds 2 -LineEnd CrLf", "CsvLineBreakInValue 3 -LineEnd Lf"] },

        { "id,qty\r\n1,5\r\n2,6\n", CsvLineEndRule.First, ["1‖5", "2‖6\n"], ["CsvLineFeedInValue 3 -LineEnd Auto -LineEnd CrLf"] },
        { "a,b\r\n1\r,2\n\r\n", CsvLineEndRule.First, ["1\r‖2\n"], ["CsvLineBreakInValue 2 -LineEnd CrLf"] },
        { "a,b\r\n1\n,2\r\n3\r,4\r\n", CsvLineEndRule.First, ["1\n‖2", "3\r‖4"], ["CsvLineFeedInValue 2 -LineEnd Auto -LineEnd CrLf", "CsvLineBreakInValue 4 -LineEnd CrLf"] },
        { "a,b\n1,2\n", CsvLineEndRule.First, ["1‖2"], [] },

        { "a,b\r\n1\n,2\r\n", CsvLineEndRule.CrLf, ["1\n‖2"], [] },
        { "a\nb,c\r\n1,2\r\n", CsvLineEndRule.CrLf, ["1‖2"], [] },
        { "a,b\n1,2\n", CsvLineEndRule.CrLf, [], ["CsvLineEndNotFound 1 -LineEnd Auto"] },
        { "a,b\r\n1,2\n3\r,4\n", CsvLineEndRule.Lf, ["1‖2", "3\r‖4"], [] },
        { "a,b\r1,2\r", CsvLineEndRule.Lf, [], ["CsvLineEndNotFound 1 -LineEnd Auto"] },
        { "a,b\r1\n,2\r", CsvLineEndRule.Cr, ["1\n‖2"], [] },
        { "a,b\n1,2\n", CsvLineEndRule.Cr, [], ["CsvLineEndNotFound 1 -LineEnd Auto"] },
        { "a,b", CsvLineEndRule.Cr, [], [] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Rows_end_as_the_feed_says_and_what_is_not_plain_is_told_once(string text, CsvLineEndRule rule, string[] rows, string[] warnings)
    {
        foreach (var chunk in new[] { 1, 3, 1_000 })
        {
            var reader = new CsvReader(new InputBuffer(new ChunkedStream(Encoding.UTF8.GetBytes(text), chunk), 16), new CsvOptions { LineEnd = rule }, Csv.Uri);
            var read = await Csv.ReadAll(reader);
            Assert.Equal(rows, read.Select(r => r.Text));
            Assert.Equal(warnings, reader.TakeWarnings().Select(Show));
        }
    }

    [Theory]
    [InlineData("\r\n", "{0},x\r\n", "\n", "CsvMixedLineEnds", 5_002)]
    [InlineData("\r\n", "{0},x\r\n", ",y\rz\r\n", "CsvLineBreakInValue", 5_002)]
    [InlineData("\n", "{0},x\n", ",y\rz\n", "CsvLineBreakInValue", 5_002)]
    [InlineData("\n", "{0},x\r\n", ",y\rz\n", "CsvLineBreakInValue", 5_002)]
    [InlineData("\n", "{0},\"q\r\"\n", ",y\rz\n", "CsvLineBreakInValue", 5_002)]
    public async Task Rows_that_are_taken_many_at_once_are_watched_too(string headEnd, string row, string odd, string id, int line)
    {
        // The odd one stands among rows that are plain.
        var rows = Enumerable.Range(0, 10_000).Select(i => i == 5_000 ? $"{i}{(odd == "\n" ? ",x\n" : odd)}" : string.Format(System.Globalization.CultureInfo.InvariantCulture, row, i));
        await using var reader = new CsvReader(
            new InputBuffer(new ChunkedStream(Encoding.UTF8.GetBytes("a,b" + headEnd + string.Concat(rows))), 4_096), new CsvOptions(), Csv.Uri);
        var (count, taken) = (0, 0);
        for (var result = reader.Read(); result != ReadResult.End; result = reader.Read())
        {
            if (result == ReadResult.NeedsData)
                await reader.FillAsync(CancellationToken.None);
            else
                count++;
            while (reader.Ahead() is { } block)
            {
                taken += block.End - block.First;
                reader.Take(block.End - block.First);
            }
        }

        Assert.Equal(10_000, count + taken);
        Assert.InRange(taken, 9_000, 10_000);
        var warning = Assert.Single(reader.TakeWarnings());
        Assert.Equal((id, (long)line), (warning.Id, warning.Position!.Line));
    }

    private static string Show(FeedWarning warning)
        => $"{warning.Id} {warning.Position!.Line}{string.Concat(warning.Settings.Select(s => $" -{s.Setting} {s.Value}"))}";
}
