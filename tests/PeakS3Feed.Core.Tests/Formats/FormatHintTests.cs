using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;

namespace PeakS3Feed.Tests.Formats;

/// <summary>What the errors of a file suggest, by what the file holds.</summary>
public class FormatHintTests
{
    [Theory]
    [InlineData(FileType.Json, "{\"a\":1}\n{\"a\":2}\n", "JsonNotArray", "fileType=Ndjson")]
    [InlineData(FileType.Json, "{\"a\":1}", "JsonNotArray", "fileType=Ndjson")]
    [InlineData(FileType.Json, "{\"Records\":[{\"a\":1},{\"a\":2}]}", "JsonNotArray", "")]
    [InlineData(FileType.Json, "{\"Records\":[{\"a\":1}]}\n{\"Records\":[{\"a\":1}]}\n", "JsonNotArray", "fileType=Ndjson")]
    [InlineData(FileType.Json, "{\n  \"a\": 1,\n  \"b\": 2\n}\n", "JsonNotArray", "")]
    [InlineData(FileType.Json, "{\"a\":1}\nx", "JsonNotArray", "")]
    [InlineData(FileType.Csv, "a,b\n1,\"x\\\"\"\n2,y\n", "CsvQuoteNotClosed", "csv.escape='\\'")]
    [InlineData(FileType.Csv, "a,b\n1,\"x\n2,y\n", "CsvQuoteNotClosed", "csv.quote=None")]
    [InlineData(FileType.Csv, "a,b\n1,\"x\n2,\"\"\n", "CsvQuoteNotClosed", "")]
    public async Task The_setting_that_the_file_shows_is_suggested_and_no_other(FileType type, string text, string id, string suggested)
    {
        foreach (var chunk in new[] { 1, 1_000 })
        {
            var error = await Assert.ThrowsAsync<FeedException>(async () => await Csv.ReadAll(
                await RecordReaders.OpenAsync(new(type, new CsvOptions()), new ChunkedStream(Encoding.UTF8.GetBytes(text), chunk), Csv.Uri, default)));
            Assert.Equal(id, error.Id);
            var commands = error.ForFeed("f").Remedies.Select(r => r.Shell).Where(c => c?.Contains("onBadFile", StringComparison.Ordinal) == false);
            Assert.Equal(suggested.Length == 0 ? [] : ["peaks3feed set f " + suggested], commands);
        }
    }

    [Fact]
    public async Task The_member_that_holds_the_rows_is_named()
    {
        var error = await Assert.ThrowsAsync<FeedException>(async () => await Csv.ReadAll(await RecordReaders.OpenAsync(
            new(FileType.Json, new CsvOptions()), new MemoryStream("{\"v\":[1],\n\"Records\":[{\"a\":1}]}"u8.ToArray()), Csv.Uri, default)));
        Assert.Contains("\"Records\"", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FileType.Ndjson, "the row is an array, not an object", "[{\"a\":1},{\"a\":2}]", 1, "peaks3feed set f fileType=Json")]
    [InlineData(FileType.Ndjson, "the row is an array, not an object", "[{\"a\":1}]", 2, null)]
    [InlineData(FileType.Ndjson, "the row is an array, not an object", "[1]", 1, null)]
    [InlineData(FileType.Csv, "text follows the closing quote of field 2", "1,\"5\\\" disk\"", 2, "peaks3feed set f csv.escape='\\'")]
    [InlineData(FileType.Csv, "text follows the closing quote of field 2 on line 3", "1,\"5 in", 2, "peaks3feed set f csv.quote=None")]
    [InlineData(FileType.Csv, "text follows the closing quote of field 2", "1,\"x\"y", 2, null)]
    [InlineData(FileType.Csv, "the row is not valid UTF-8", "1,gr\uFFFD\uFFFDe", 2, "peaks3feed set f encoding=Windows1252")]
    [InlineData(FileType.Ndjson, "the row is not valid UTF-8", "{\"a\":\"\uFFFD\"}", 2, "peaks3feed set f encoding=Windows1252")]
    [InlineData(FileType.Csv, "the row is not valid UTF-8", "é,gr\uFFFD\uFFFDe", 2, null)] // the rest is UTF-8
    [InlineData(FileType.Csv, "\"x\" is not a bigint", "x", 2, null)]
    public void Rejected_rows_show_the_setting_too(FileType type, string reason, string raw, int rows, string? suggested)
    {
        var feed = new S3Feed { Name = "f", ConnectionName = "c", FileType = type };
        var error = FeedRunErrors.TooManyRejects(feed, 1, rows, new Reject(new SourcePosition(Csv.Uri, 1, 0), reason, raw));
        Assert.Equal(suggested, error.Remedies.Select(r => r.Shell).SingleOrDefault(c => c!.Contains("fileType", StringComparison.Ordinal) || c.Contains("csv.", StringComparison.Ordinal) || c.Contains("encoding", StringComparison.Ordinal)));
    }
}
