using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>A ledger that somebody else has written into is an error that names the column, and nothing is loaded.</summary>
public sealed class LedgerDamageTests
{
    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData("peaks3feed_lock", "schema_json", "'{'", "is not the JSON of a list of columns")]
    [InlineData("peaks3feed_lock", "schema_json", "''", "is not the JSON of a list of columns")]
    [InlineData("peaks3feed_lock", "schema_json", "'null'", "is not the JSON of a list of columns")]
    [InlineData("peaks3feed_lock", "schema_json", "'[null]'", "is not the JSON of a list of columns")]
    [InlineData("peaks3feed_lock", "schema_json", "'[{}]'", "is not the JSON of a list of columns")]
    [InlineData("peaks3feed_lock", "schema_json", "'{\"name\":\"id\"}'", "is not the JSON of a list of columns")]
    [InlineData("peaks3feed_lock", "schema_json", "x'00ff'", "is not text")]
    [InlineData("peaks3feed_lock", "schema_json", "'[{\"name\":\"id\",\"type\":\"interval\"}]'", "has a type of a column that this version does not know")]
    [InlineData("peaks3feed_lock", "run_id", "'none'", "is not a GUID")]
    [InlineData("peaks3feed_lock", "claimed_at", "'yesterday'", "is not a time")]
    [InlineData("peaks3feed_lock", "epoch", "'one'", "is not a whole number")]
    [InlineData("peaks3feed_lock", "sequence", "'one'", "is not a whole number")]
    [InlineData("peaks3feed_lock", "sequence", "1.5", "is not a whole number")]
    [InlineData("peaks3feed_lock", "process_id", "'me'", "is not a whole number")]
    [InlineData("peaks3feed_lock", "format_version", "'x'", "is not a whole number")]
    [InlineData("peaks3feed_file", "size", "'large'", "is not a whole number")]
    [InlineData("peaks3feed_file", "generation", "'first'", "is not a whole number")]
    public async Task A_value_that_nobody_can_read(string table, string column, string value, string why)
    {
        using var loading = await LoadedAsync();
        loading.Query($"UPDATE {table} SET {column}={value}");

        var result = await loading.RunAsync();

        Assert.Equal((RunStatus.Failed, "LedgerUnreadable"), (result.Run.Status, result.Run.ErrorId));
        Assert.Equal($"The ledger of feed orders and table \"orders\" cannot be read: {column} in {table} {why}.", result.Run.Error);
        Assert.Equal(FeedErrorCategory.InvalidData, result.FeedError!.Category);
        Assert.Equal(["1", "2"], loading.Query("SELECT id FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task A_schema_that_is_emptied_as_the_hint_says_loads_what_is_new_and_nothing_twice()
    {
        using var loading = await LoadedAsync();
        loading.Query("UPDATE peaks3feed_lock SET schema_json='broken'");
        Assert.Contains("set it to []", (await loading.RunAsync()).FeedError!.Hint, StringComparison.Ordinal);
        loading.Query("UPDATE peaks3feed_lock SET schema_json='[]'");
        loading.Write("b.csv", "id,note\n3,three\n");

        await loading.SucceedAsync();

        Assert.Equal(["1", "2", "3"], loading.Query("SELECT id FROM orders ORDER BY id"));
    }

    [Theory]
    [InlineData("mode", "'Sideways'", "is not one of Append, Upsert, Replace")]
    [InlineData("mode", "'7'", "is not one of Append, Upsert, Replace")]
    [InlineData("committed_at", "'never'", "is not a time")]
    [InlineData("row_count", "'many'", "is not a whole number")]
    public async Task A_load_that_nobody_can_read(string column, string value, string why)
    {
        using var loading = await LoadedAsync();
        loading.Query($"UPDATE peaks3feed_load SET {column}={value}");
        var run = Guid.Parse(loading.Single("SELECT run_id FROM peaks3feed_load"));
        await using var destination = new PeakS3Feed.Destinations.Sqlite.SqliteDatabase(loading.DatabasePath, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var feed = await loading.Store.FeedAsync();
        await using var session = await destination.OpenAsync(new PeakS3Feed.Destinations.Loading.LoadTarget(feed.Id, feed.Name, feed.TableName), default);

        var error = await Assert.ThrowsAsync<FeedException>(() => session.FindLoadsAsync(run, default));

        Assert.Equal("LedgerUnreadable", error.Id);
        Assert.Equal($"The ledger of feed orders and table \"orders\" cannot be read: {column} in peaks3feed_load {why}.", error.Message);
    }

    private static async Task<Loading> LoadedAsync()
    {
        var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,one\n2,two\n");
        await loading.SucceedAsync();
        return loading;
    }
}
