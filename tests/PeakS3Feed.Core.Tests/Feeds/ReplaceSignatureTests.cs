using System.Security.Cryptography;
using System.Text;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Feeds;

public sealed class ReplaceSignatureTests
{
    private static readonly S3Feed Feed = new() { Name = "f", ConnectionName = "c", Csv = new CsvOptions { Separator = ",", LineEnd = CsvLineEndRule.First } };

    // The text that the first version hashed: with another one, every TruncateInsert that has nothing to do would be loaded again.
    [Fact]
    public void A_feed_from_before_has_the_signature_that_it_had()
    {
        const string Text = """
            {"VersionsHash":"v","FileType":0,"Csv":{"Separator":",","Quote":"\u0022","Escape":null,"HasHeader":true,"ColumnNames":null,"SkipRows":0,"NullValues":[]},"DateFormats":[],"SchemaEvolution":0,"AuditColumns":0,"Schema":"[]"}
            """;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text))), Sign(Feed));
    }

    [Fact]
    public void A_dialect_means_nothing_to_JSON()
    {
        var json = Feed with { FileType = FileType.Json };
        Assert.Equal(Sign(json), Sign(json with { Csv = new CsvOptions() }));
    }

    [Fact]
    public void What_decides_on_the_rows_is_part_of_it()
    {
        Assert.NotEqual(Sign(Feed), Sign(Feed with { Csv = new CsvOptions() }));
        Assert.NotEqual(Sign(Feed), Sign(Feed with { Csv = new CsvOptions { Separator = ";" } }));
        Assert.NotEqual(Sign(Feed), Sign(Feed with { Csv = Feed.Csv with { LineEnd = CsvLineEndRule.Auto } }));
        CsvOptions[] others =
        [
            Feed.Csv with { CommentPrefix = "#" }, Feed.Csv with { TrimValues = true }, Feed.Csv with { SkipLastRows = 1 }, Feed.Csv with { BooleanValues = ["Y/N"] },
            Feed.Csv with { EmptyAsNull = true }, Feed.Csv with { DecimalSeparator = ',' }, Feed.Csv with { GroupSeparator = ' ' },
        ];
        Assert.All(others, csv => Assert.NotEqual(Sign(Feed), Sign(Feed with { Csv = csv })));
        Assert.NotEqual(Sign(Feed), Sign(Feed with { Encoding = FileEncoding.Latin1 }));
        var json = Feed with { FileType = FileType.Json };
        Assert.NotEqual(Sign(json), Sign(json with { Encoding = FileEncoding.Utf16 }));
    }

    private static string Sign(S3Feed feed) => new ReplaceSignature("v").Compute(feed, new FeedSchema([]));
}
