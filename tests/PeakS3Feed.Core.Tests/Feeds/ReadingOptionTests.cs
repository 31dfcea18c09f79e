using System.IO.Compression;
using System.Text;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Destinations;

namespace PeakS3Feed.Tests.Feeds;

/// <summary>Whole runs of files that are not plain CSV: gzip, several lanes, small and large objects, rejects among the rows and the footers.</summary>
public sealed class ReadingOptionTests
{
    private const int Files = 5;

    [Theory]
    [InlineData(1, 50, FileEncoding.Utf16)]
    [InlineData(4, 50, FileEncoding.Windows1252)]
    [InlineData(1, 90_000, FileEncoding.Windows1252)]
    [InlineData(4, 90_000, FileEncoding.Utf16)]
    public async Task Every_lane_reads_files_as_the_feed_says(int lanes, int rows, FileEncoding encoding)
    {
        using var loading = await Loading.BeginAsync(f => f with
        {
            Encoding = encoding,
            FailedRowThreshold = FailedRowThreshold.FromCount(1_000),
            Schema = new FeedSchema(
            [
                new("id", "id", ColumnType.BigInt), new("betrag", "Betrag", ColumnType.Decimal, 2), new("bezahlt", "Bezahlt", ColumnType.Boolean),
                new("kunde", "Kunde", ColumnType.Text),
            ]),
            Csv = new CsvOptions
            {
                Separator = ";", CommentPrefix = "#", TrimValues = true, SkipLastRows = 2, BooleanValues = ["J/N"], DecimalSeparator = ',', GroupSeparator = '.',
            },
        });
        for (var file = 0; file < Files; file++)
            Write(loading.PathOf($"f{file}.csv.gz"), Text(file, rows), encoding);

        var result = await loading.Store.Engine().RunAsync(TestStore.FeedName, new RunOptions { MaxParallelism = lanes }, null, null, default);

        Assert.Equal((RunStatus.SucceededWithRejects, Files * (rows - 1L), (long)Files), (result.Run.Status, result.Run.RowsLoaded, result.Run.RowsRejected));
        Assert.Equal($"{Files * (rows - 1)}", loading.Single("SELECT count(DISTINCT id) FROM orders WHERE kunde = 'Müller'"));
        Assert.Equal("1", loading.Single("SELECT min(bezahlt) FROM orders WHERE id % 2 = 0"));
        Assert.Equal("1234.50", loading.Single("SELECT DISTINCT betrag FROM orders"));
    }

    // The row in the middle is a reject, and so is the first of the two footers, which does not count.
    private static string Text(int file, int rows)
    {
        var text = new StringBuilder("# Kasse\r\nid;Betrag;Bezahlt;Kunde\r\n");
        for (var row = 0; row < rows; row++)
        {
            text.Append(row == rows / 2 ? "x" : $"{(file * 1_000_000) + row}").Append("; 1.234,50 ;").Append(row % 2 == 0 ? "J" : "n").Append(";Müller \r\n");
            if (row % 1_000 == 7)
                text.Append("# \"\r\n");
        }

        return text.Append("Summe\r\n\r\nEnde;;;\r\n# Ende\r\n").ToString();
    }

    private static void Write(string path, string text, FileEncoding encoding)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var zip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        zip.Write((encoding == FileEncoding.Utf16 ? Encoding.Unicode : CodePagesEncodingProvider.Instance.GetEncoding(1252)!).GetBytes(text));
    }
}
