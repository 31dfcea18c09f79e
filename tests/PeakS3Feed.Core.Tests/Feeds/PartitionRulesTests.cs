using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Feeds;

public sealed class PartitionRulesTests
{
    private static readonly S3Feed Feed = new()
    {
        Name = "orders", ConnectionName = "demo",
        Schema = new FeedSchema(
        [
            new FeedColumn("id", "Id", ColumnType.BigInt), new FeedColumn("country", "Country", ColumnType.Text),
            new FeedColumn("ordered_at", "Ordered At", ColumnType.Timestamp), new FeedColumn("day", "Day", ColumnType.Date),
            new FeedColumn("price", "Price", ColumnType.Double), new FeedColumn("day_year", "day_year", ColumnType.Text),
        ]),
    };

    [Theory]
    [InlineData("country")]
    [InlineData("Country")]
    [InlineData("COUNTRY", "year(ordered_at)", "month(ordered_at)", "day(ordered_at)", "date(ordered_at)")]
    [InlineData("year(Ordered At)")]
    [InlineData("day", "month(day)")]
    [InlineData("id", "country", "day")]
    public void Fields_that_suit_the_columns_pass(params string[] fields) => Assert.Empty(Check(Feed with { PartitionBy = fields }));

    [Theory]
    [InlineData("which is not a column of the schema", "Did you mean country?", "countri")]
    [InlineData("which is not a field of a partition", "Write column, year(column), month(column), day(column) or date(column).", "hour(ordered_at)")]
    [InlineData("blank field", "Write column,", " ")]
    [InlineData("of type timestamp", "Each moment would be a partition of its own: write date(ordered_at).", "ordered_at")]
    [InlineData("of type double", "Partitions are of text, boolean, bigint, decimal or date columns.", "price")]
    [InlineData("of type date", "It is a date already: write day.", "date(day)")]
    [InlineData("of type text", "Only a column of type date, timestamp or timestamptz has such a part.", "year(country)")]
    [InlineData("of type text", "Only a column of type timestamp or timestamptz has a date.", "date(country)")]
    [InlineData("would have the name day_year, but the feed has a column of that name", "Rename the feed's column day_year", "year(day)")]
    [InlineData("has country twice", "Name each field once.", "country", "Country")]
    [InlineData("has 9 fields", "Give at most 8.", "id", "country", "day", "month(day)", "day(day)", "year(ordered_at)", "month(ordered_at)", "day(ordered_at)", "date(ordered_at)")]
    public void Fields_that_do_not_are_a_problem_with_a_hint(string message, string hint, params string[] fields)
    {
        var problem = Assert.Single(Check(Feed with { PartitionBy = fields }));
        Assert.Equal("PartitionBy", problem.Field);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Contains(hint, problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_only_columns_can_show_to_be_wrong_pass_until_the_columns_are_known()
    {
        Assert.Empty(Check(Feed with { Schema = null, PartitionBy = ["nowhere", "year(nowhere)"] }));
        Assert.Contains("twice", Assert.Single(Check(Feed with { Schema = null, PartitionBy = ["a", "A"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_keeps_a_column_besides_those_of_its_partitions()
    {
        var feed = Feed with { Schema = new FeedSchema([new FeedColumn("country", "country", ColumnType.Text)]), PartitionBy = ["country"] };
        Assert.Empty(Check(feed));
        Assert.Contains("all columns", Assert.Single(Check(feed with { AuditColumns = AuditColumns.None })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_gets_the_names_of_the_tables_columns()
    {
        var fields = PartitionRules.Resolve(Feed with { PartitionBy = ["Country", "year(Ordered At)"] });
        Assert.Equal([new("country"), new("ordered_at", PartitionPart.Year)], fields);
        Assert.Equal([new("nowhere")], PartitionRules.Resolve(Feed with { Schema = new FeedSchema([]), PartitionBy = ["nowhere"] }));
    }

    [Fact]
    public void A_run_that_finds_other_columns_says_what_to_set()
    {
        var error = Assert.Throws<FeedException>(() => PartitionRules.Resolve(Feed with { PartitionBy = ["region"] }));
        Assert.Equal(("PartitionByInvalid", "orders"), (error.Id, error.Target));
        Assert.StartsWith("Feed orders cannot divide its table. PartitionBy names \"region\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("id, country, ordered_at", error.Hint, StringComparison.Ordinal);
        var remedy = Assert.Single(error.Remedies);
        Assert.Equal("Set-S3Feed -Name orders -PartitionBy '<COLUMN>'", remedy.Cmdlet);
        Assert.Equal("peaks3feed set orders partitionBy='<COLUMN>'", remedy.Shell);
    }

    [Fact]
    public void Names_of_further_columns_are_kept_from_inferred_ones()
    {
        var limits = new ValueLimits { ReservedNames = new HashSet<string> { "rowid" } };
        var reserved = PartitionRules.Reserve(limits, Feed with { Schema = null, PartitionBy = ["country", "year(Ordered At)", "date(at)"] });
        Assert.Equal(["Ordered At_year", "at_date", "ordered_at_year", "rowid"], reserved.ReservedNames.Order(StringComparer.Ordinal));
        Assert.Equal("ordered_at_year_2", new ColumnNames(reserved).Assign("Ordered At Year", 2));
        Assert.Contains("ordered_at_month", PartitionRules.Reserve(limits, Feed with { PartitionBy = ["month(Ordered At)"] }).ReservedNames);
        Assert.Same(limits, PartitionRules.Reserve(limits, Feed with { PartitionBy = ["country"] }));
    }

    private static IReadOnlyList<DefinitionProblem> Check(S3Feed feed) => FeedRules.Check(feed, new S3Connection { Name = "demo", BucketName = "acme" });
}
