using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Remedies;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Feeds;

public sealed class FeedConsequencesTests
{
    private static readonly S3Feed Feed = new() { Name = "orders", ConnectionName = "acme", Include = ["a*"], DestinationNames = ["local"] };

    [Fact]
    public void Another_destination_or_table_is_warned_of_once()
    {
        foreach (var after in new[] { Feed with { Table = "t2" }, Feed with { DestinationNames = ["warehouse"] }, Feed with { Table = "t2", DestinationNames = ["warehouse"] } })
        {
            var told = Assert.Single(FeedConsequences.Find(Feed, after));
            Assert.True(told.IsWarning);
            Assert.Contains(after.DestinationNames[0] == "local" ? "t2" : "warehouse", told.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_separator_counts_for_later_files_alone()
    {
        var loaded = Feed with { Schema = new FeedSchema([new FeedColumn("id", "id", ColumnType.BigInt)]), Csv = new CsvOptions { Separator = "," } };
        var after = loaded with { Csv = new CsvOptions { Separator = ";" } };
        var told = Assert.Single(FeedConsequences.Find(loaded, after));
        Assert.True(told.IsWarning);
        Assert.Contains("Semicolon", told.Text, StringComparison.Ordinal);
        Assert.Equal(new Remedy("Reset-S3Feed -Name orders -DropTable", "peaks3feed reset orders --drop-table"), told.Remedy);
        Assert.Empty(FeedConsequences.Find(loaded with { Schema = null }, after with { Schema = null }));
        Assert.Empty(FeedConsequences.Find(loaded, loaded with { Csv = new CsvOptions { Separator = ",", SkipRows = 1 } }));
    }

    [Fact]
    public void Other_settings_of_CSV_count_for_later_files_alone()
    {
        var loaded = Feed with { Schema = new FeedSchema([new FeedColumn("id", "id", ColumnType.BigInt)]) };
        foreach (var (csv, named) in new[]
        {
            (loaded.Csv with { LineEnd = CsvLineEndRule.CrLf }, "the line end CrLf"),
            (loaded.Csv with { Quote = null }, "the quote None"),
            (loaded.Csv with { Escape = '\\' }, "the escape \\"),
            (loaded.Csv with { CommentPrefix = "//" }, "the comment prefix //"),
            (loaded.Csv with { TrimValues = true }, "trimmed values"),
            (loaded.Csv with { EmptyAsNull = true }, "NULL for quoted empty values"),
            (loaded.Csv with { SkipLastRows = 2 }, "SkipLastRows 2"),
            (loaded.Csv with { BooleanValues = ["1/0", "Y/N"] }, "the boolean values 1/0, Y/N"),
            (loaded.Csv with { DecimalSeparator = ',' }, "the decimal separator ,"),
            (loaded.Csv with { GroupSeparator = '\'' }, "the group separator '"),
        })
        {
            var told = Assert.Single(FeedConsequences.Find(loaded, loaded with { Csv = csv }));
            Assert.StartsWith($"Feed orders reads later files with {named}; its loaded rows stay", told.Text, StringComparison.Ordinal);
            Assert.NotNull(told.Remedy);
        }
    }

    [Theory]
    [InlineData(FileType.Csv)]
    [InlineData(FileType.Json)]
    public void Another_encoding_counts_for_later_files_alone(FileType type)
    {
        var loaded = Feed with { FileType = type, Schema = new FeedSchema([new FeedColumn("id", "id", ColumnType.BigInt)]) };
        var told = Assert.Single(FeedConsequences.Find(loaded, loaded with { Encoding = FileEncoding.Windows1252 }));
        Assert.StartsWith("Feed orders reads later files with the encoding Windows1252; its loaded rows stay", told.Text, StringComparison.Ordinal);
        Assert.NotNull(told.Remedy);
    }

    [Fact]
    public void What_is_fetched_from_now_on_is_told()
    {
        S3Feed[] changed =
        [
            Feed with { Path = "in/" }, Feed with { ConnectionName = "other" }, Feed with { FileType = FileType.Json },
            Feed with { HistoricalDate = new DateOnly(2026, 1, 1) }, Feed with { Include = ["b*"] }, Feed with { Exclude = ["b*"] },
        ];
        Assert.All(changed, after => Assert.False(Assert.Single(FeedConsequences.Find(Feed, after)).IsWarning));
    }

    [Fact]
    public void What_leads_to_nothing_is_not_told()
    {
        S3Feed[] changed =
        [
            Feed, Feed with { Table = "orders" }, Feed with { DestinationNames = ["LOCAL"] }, Feed with { ConnectionName = "ACME" }, Feed with { Include = ["a*"] },
            Feed with { Tags = ["x"], Enabled = false, OnBadFile = BadFileAction.Skip },
        ];
        Assert.All(changed, after => Assert.Empty(FeedConsequences.Find(Feed, after)));
    }
}
