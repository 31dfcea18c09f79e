using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Direct;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Feeds;

/// <summary>When a warehouse may load the objects of a feed itself. Every other setting is a reason against it.</summary>
public sealed class DirectRulesTests
{
    private static readonly S3Connection Bucket = new() { Name = "acme", BucketName = "acme-data", Region = "eu-west-1" };

    private static readonly S3Feed Feed = new()
    {
        Name = "orders", ConnectionName = "acme", AuditColumns = AuditColumns.None, DestinationNames = ["dwh"],
        Csv = new CsvOptions { Separator = ";", EmptyAsNull = true }, Schema = Columns(ColumnType.Text),
    };

    public static TheoryData<S3Feed, string> Refused => new()
    {
        { Feed with { AuditColumns = AuditColumns.All }, "the table has audit columns" },
        { Feed with { FailedRowThreshold = FailedRowThreshold.FromCount(1) }, "the feed allows rejects (1)" },
        { Feed with { FailedRowThreshold = FailedRowThreshold.FromPercent(0.5m) }, "the feed allows rejects (0.5%)" },
        { Feed with { OnBadFile = BadFileAction.Skip }, "the feed skips bad files" },
        { Feed with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] }, "of several rows with one key, an Upsert loads the last one" },
        { Feed with { OnChangedObject = ChangedObjectAction.Replace }, "OnChangedObject Replace deletes rows by their object" },
        { Feed with { DestinationNames = ["dwh", "lake"] }, "the feed has two destinations" },
        { Feed with { FileType = FileType.Ndjson }, "the files are Ndjson" },
        { Feed with { Encoding = FileEncoding.Latin1 }, "the files are Latin1" },
        { Feed with { Csv = Feed.Csv with { Separator = "::" } }, "the separator is not one ASCII character" },
        { Feed with { Csv = Feed.Csv with { Separator = "¦" } }, "the separator is not one ASCII character" },
        { Feed with { Csv = Feed.Csv with { Separator = null } }, "the separator is not known yet" },
        { Feed with { Csv = Feed.Csv with { Separator = "\\" } }, "the separator is a backslash" },
        { Feed with { Csv = Feed.Csv with { Quote = null } }, "the feed sets Quote" },
        { Feed with { Csv = Feed.Csv with { Escape = '\\' } }, "the feed sets Escape" },
        { Feed with { Csv = Feed.Csv with { LineEnd = CsvLineEndRule.Cr } }, "the feed sets LineEnd" },
        { Feed with { Csv = Feed.Csv with { HasHeader = false, ColumnNames = ["a"], SkipRows = 1 } }, "the feed sets NoHeader, ColumnName, SkipRows" },
        { Feed with { Csv = Feed.Csv with { CommentPrefix = "#", TrimValues = true } }, "the feed sets CommentPrefix, TrimValues" },
        { Feed with { Csv = Feed.Csv with { SkipLastRows = 1, BooleanValues = ["Y/N"], DecimalSeparator = ',', GroupSeparator = '.' } },
            "the feed sets SkipLastRows, BooleanValues, DecimalSeparator, GroupSeparator" },
        { Feed with { Csv = Feed.Csv with { NullValues = ["a", "b"] } }, "the feed has several NULL values" },
        { Feed with { Csv = Feed.Csv with { NullValues = ["?"] } }, "the warehouse does not take the NULL value \"?\": it is a question" },
        { Feed with { Csv = new CsvOptions() }, "the warehouse cannot tell NULL from '' in column \"c\"" },
        { Feed with { Schema = null }, "the columns are not known yet" },
        { Feed with { Schema = Columns(ColumnType.Date) }, "column \"c\" is date, and not text or bigint" },
    };

    public static TheoryData<S3Feed> Allowed =>
    [
        Feed,
        Feed with { LoadType = LoadType.TruncateInsert, OnChangedObject = ChangedObjectAction.Replace },
        Feed with { Csv = new CsvOptions { EmptyAsNull = true } },
        Feed with { Csv = new CsvOptions { NullValues = ["NULL"] } },
        Feed with { Csv = new CsvOptions { Separator = "\t", Escape = '"', EmptyAsNull = true } },
        Feed with { Csv = new CsvOptions(), Schema = Columns(ColumnType.BigInt) },
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_feed_with_another_setting_is_staged_and_the_reason_says_which(S3Feed feed, string reason)
        => Assert.Equal($"Staged, because {reason}", Choose(feed).ToString());

    [Theory]
    [MemberData(nameof(Allowed))]
    public void The_warehouse_loads_the_objects_of_other_feeds(S3Feed feed) => Assert.Equal("Direct", Choose(feed).ToString());

    [Fact]
    public void All_reasons_are_named_at_once()
        => Assert.Equal(
            "Staged, because the table has audit columns; the feed skips bad files",
            Choose(Feed with { AuditColumns = AuditColumns.All, OnBadFile = BadFileAction.Skip }).ToString());

    [Fact]
    public void The_place_of_the_objects_is_a_reason()
    {
        Assert.Equal("Staged, because the objects are in a folder of this machine", Choose(Feed, Bucket with { EndpointUrl = "file:///data" }).ToString());
        Assert.Equal("Staged, because the requester pays for the objects", Choose(Feed, Bucket with { RequesterPays = true }).ToString());
        Assert.Equal("Staged, because it is elsewhere", Choose(Feed, Bucket with { Region = "us-east-1" }).ToString());
    }

    [Fact]
    public void The_destination_may_say_Staged()
        => Assert.Equal("Staged, because the destination says so", Choose(Feed, path: LoadPath.Staged).ToString());

    [Fact]
    public void A_warehouse_that_tells_empty_values_from_NULL_needs_no_setting_for_them()
        => Assert.Equal("Direct", new DirectRules(Feed with { Csv = new CsvOptions() }, Bucket, Create(LoadPath.Auto) with { TellsEmptyFromNull = true }).Choose().ToString());

    [Fact]
    public void The_error_of_a_destination_that_says_Direct_names_what_to_change()
    {
        var choice = Choose(Feed with { AuditColumns = AuditColumns.All, LoadType = LoadType.Upsert, PrimaryKey = ["id"] }, path: LoadPath.Direct);
        var error = DirectErrors.NotPossible("orders", "Redshift dev", choice.Reasons);
        Assert.Equal(
            "Redshift dev cannot load the objects of feed orders itself, because the table has audit columns; of several rows with one key, an Upsert "
                + "loads the last one.",
            error.Message);
        Assert.Equal(
            "Set AuditColumns to None. Or set LoadPath of the destination to Auto or Staged: this program then reads the objects.", error.Hint);
    }

    private static LoadPathChoice Choose(S3Feed feed, S3Connection? connection = null, LoadPath path = LoadPath.Auto)
        => new DirectRules(feed, connection ?? Bucket, Create(path)).Choose();

    private static DirectLoading Create(LoadPath path) => new()
    {
        LoadPath = path,
        RefuseNullValue = text => text == "?" ? "it is a question" : null,
        RefusePlace = place => place.Region == "us-east-1" ? new("it is elsewhere") : null,
    };

    private static FeedSchema Columns(ColumnType second) => new([new("id", "id", ColumnType.BigInt), new("c", "c", second)]);
}
