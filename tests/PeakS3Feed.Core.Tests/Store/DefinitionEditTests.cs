using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

public sealed class DefinitionEditTests
{
    private static readonly StoreDefinitions Current = DefinitionImport.Read(
        Encoding.UTF8.GetBytes(
            """
            {
              "connections": [ { "name": "lake", "bucketName": "acme-lake", "region": "eu-west-1" } ],
              "feeds": [
                { "name": "orders", "connectionName": "lake", "fileType": "Csv", "csv": { "separator": ";" },
                  "schema": [ { "name": "id", "type": "bigint" }, { "name": "price", "field": "Price", "type": "decimal(38,2)" } ] },
                { "name": "other", "connectionName": "lake", "fileType": "Csv" }
              ]
            }
            """),
        StoreDefinitions.Empty).Definitions;

    private static S3Feed Orders => Current.FindFeed("orders")!;

    [Fact]
    public void A_renamed_column_keeps_its_field_and_can_be_changed_further_by_its_old_name()
    {
        var (_, feed, changes) = Edit(("schema.id.name", "key"), ("schema.id.type", "text"));
        Assert.Equal(("id", ColumnType.Text), (feed.Schema!.Find("key")!.Field, feed.Schema.Find("key")!.Type));
        Assert.Null(feed.Schema.Find("id"));
        Assert.Equal([("schema.id.name", "\"key\""), ("schema.id.type", "\"text\"")], changes.Select(c => (c.Key, c.After!)));
    }

    [Fact]
    public void Each_kind_of_value_is_read_from_text()
    {
        var feed = Edit(("commitEveryObjects", "5"), ("enabled", "False"), ("include", "a*.csv, b*.csv"), ("failedRowThreshold", "0.5%"), ("historicalDate", "2026-01-31"), ("loadType", "upsert"), ("primaryKey", "id")).Now;
        Assert.Equal(5, feed.CommitEveryObjects);
        Assert.False(feed.Enabled);
        Assert.Equal(["a*.csv", "b*.csv"], feed.Include);
        Assert.Equal(FailedRowThreshold.FromPercent(0.5m), feed.FailedRowThreshold);
        Assert.Equal(new DateOnly(2026, 1, 31), feed.HistoricalDate);
        Assert.Equal(LoadType.Upsert, feed.LoadType);
    }

    [Fact]
    public void A_list_with_commas_in_it_is_written_as_JSON() => Assert.Equal(["a,b"], Edit(("csv.nullValues", "[\"a,b\"]")).Now.Csv.NullValues);

    [Fact]
    public void One_member_of_one_column_can_be_changed()
    {
        var (_, feed, changes) = Edit(("schema.price.type", "text"));
        Assert.Equal(new FeedColumn("price", "Price", ColumnType.Text), feed.Schema!.Find("price"));
        Assert.Equal(new SettingChange("schema.price.type", "\"decimal(38,2)\"", "\"text\""), Assert.Single(changes));
    }

    [Fact]
    public void What_the_store_found_out_can_be_forgotten()
    {
        Assert.Null(Edit(("csv.separator", "Auto")).Now.Csv.Separator);
        Assert.Null(Edit(("schema", "")).Now.Schema);
    }

    [Fact]
    public void A_separator_is_unset_Auto_or_a_value()
    {
        var other = Edit(("csv.separator", "")).Now.Csv;
        Assert.Equal((true, ","), (other.IsSeparatorUnset, other.Separator));
        var (_, feed, changes) = Edit(("csv.separator", "Comma"));
        Assert.Equal((false, ","), (feed.Csv.IsSeparatorUnset, feed.Csv.Separator));
        Assert.Equal(new SettingChange("csv.separator", "\";\"", "\"Comma\""), Assert.Single(changes));
        Assert.Equal(";", Edit(("csv.separator", "Semicolon")).Now.Csv.Separator);
        Assert.Equal("Did you mean Semicolon?", Assert.Throws<FeedException>(() => Edit(("csv.separator", "Semikolon"))).Hint);
    }

    [Fact]
    public void Another_type_of_files_leaves_the_separator_behind()
    {
        Assert.True(Edit(("fileType", "Ndjson")).Now.Csv.IsSeparatorUnset);
        Assert.Equal(";", Edit(("fileType", "csv")).Now.Csv.Separator);
        Assert.Throws<FeedException>(() => Edit(("csv.separator", "Tab"), ("fileType", "Ndjson")));
    }

    [Fact]
    public void A_new_name_keeps_the_id_and_may_not_be_anothers()
    {
        Assert.Equal(Orders.Id, Edit(("name", "sales")).Now.Id);
        Assert.Contains("\"other\"", Assert.Throws<FeedException>(() => Edit(("name", "OTHER"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_name_leaves_the_rows_where_they_are()
    {
        var (_, feed, changes) = Edit(("name", "sales"));
        Assert.Equal("orders", feed.TableName);
        Assert.Equal([new SettingChange("name", "\"orders\"", "\"sales\""), new SettingChange("table", null, "\"orders\"")], changes);
        Assert.Equal("orders", Edit(("name", "Orders")).Now.TableName);
        Assert.Equal("t", Edit(("name", "sales"), ("table", "t")).Now.TableName);
    }

    [Fact]
    public void What_a_feed_adopted_is_forgotten_for_that_feed_alone()
    {
        var adopting = Current with { Feeds = [.. Current.Feeds.Select(f => f with { AdoptTable = true })] };
        var after = DefinitionEditor.ForgetAdoption(adopting, Orders.Id);
        Assert.Equal([false, true], after.Feeds.Select(f => f.AdoptTable));
        Assert.Same(after, DefinitionEditor.ForgetAdoption(after, Orders.Id));
    }

    [Theory]
    [InlineData("csv", "1", "csv must be an object")]
    [InlineData("table.name", "x", "table must be a text")]
    [InlineData("name.first", "x", "it has no setting \"name.first\"")]
    [InlineData("csv..quote", "x", "it has no setting \"csv..quote\"")]
    [InlineData("schema.price.type", "money", "schema.price.type: type must be text")]
    [InlineData("destinationNames", "nowhere", "destinationNames: There is no destination \"nowhere\"")]
    [InlineData("id", "x", "cannot be changed")]
    public void What_breaks_a_rule_names_its_key(string key, string value, string message)
    {
        var error = Assert.Throws<FeedException>(() => Edit((key, value)));
        Assert.Equal("SettingInvalid", error.Id);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static SettingsResult<S3Feed> Edit(params (string Key, string Value)[] settings)
    {
        var (definitions, result) = TextSettings.Apply(Current, Orders, [.. settings.Select(s => KeyValuePair.Create(s.Key, s.Value))], DefinitionFormat.Default);
        Assert.Same(result.Now, definitions.FindFeed(Orders.Id));
        Assert.Equal(Current.FindFeed("other"), definitions.FindFeed("other"));
        return result;
    }
}
