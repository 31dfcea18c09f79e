using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>A feed that loads a database and a table on S3 from one reading.</summary>
public sealed class ExternalPairTests
{
    [Theory]
    [InlineData(LoadType.Incremental)]
    [InlineData(LoadType.Upsert)]
    [InlineData(LoadType.TruncateInsert)]
    public async Task Both_have_the_same_rows(LoadType type)
    {
        using var feed = await BeginAsync(f => type == LoadType.Upsert ? f with { LoadType = type, PrimaryKey = ["id"] } : f with { LoadType = type });
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await feed.SucceedAsync();
        feed.Write("b.csv", "id,name,extra\n2,Bob,x\n3,Cy,\n");
        await feed.SucceedAsync();

        Assert.Equal(Rows(feed), feed.Rows("id", "name", "extra"));
        Assert.Equal(type == LoadType.Upsert ? ["1|Ann|∅", "2|Bob|x", "3|Cy|∅"] : ["1|Ann|∅", "2|Bob|x", "2|Bo|∅", "3|Cy|∅"], Rows(feed));
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
    }

    [Fact]
    public async Task A_row_that_the_database_cannot_take_is_in_neither()
    {
        using var feed = await BeginAsync(f => f with
        {
            Schema = new FeedSchema([new("id", "id", ColumnType.BigInt), new("name", "name", ColumnType.Text)]), Csv = f.Csv with { Separator = "," },
            FailedRowThreshold = FailedRowThreshold.Parse("10"),
        });
        feed.Write("a.csv", "id,name\n1,Ann\nx,Bo\n3,Cy\n");
        var run = await feed.RunAsync();

        Assert.True(run.Run.Status == RunStatus.SucceededWithRejects, run.Error?.ToString());
        Assert.Equal(["1|Ann", "3|Cy"], Rows(feed, "id", "name"));
        Assert.Equal(["1|Ann", "3|Cy"], feed.Rows("id", "name"));
    }

    [Fact]
    public async Task A_table_that_could_not_be_written_catches_up_without_the_database()
    {
        using var feed = await BeginAsync(f => f);
        feed.Write("a.csv", "id,name\n1,Ann\n");
        await feed.SucceedAsync();
        var log = Path.Combine(feed.Table, "_delta_log", "00000000000000000001.json");
        Directory.CreateDirectory(log); // no entry can have this name
        feed.Write("b.csv", "id,name\n2,Bo\n");
        var failed = await feed.RunAsync();
        Directory.Delete(log);

        Assert.Equal(["1|Ann", "2|Bo"], Rows(feed, "id", "name"));
        Assert.NotEqual(RunStatus.Succeeded, failed.Run.Status);
        await feed.SucceedAsync();
        Assert.Equal(["1|Ann", "2|Bo"], feed.Rows("id", "name"));
        Assert.Equal(["1|Ann", "2|Bo"], Rows(feed, "id", "name"));
    }

    private static async Task<ExternalFeed> BeginAsync(Func<S3Feed, S3Feed> configure)
    {
        var feed = await ExternalFeed.BeginAsync(configure);
        await feed.Store.Definitions().UpdateAsync(d => d.With(new SqliteDestination { Name = "warehouse", Path = Database(feed) }));
        await feed.Store.ChangeFeedAsync(f => f with { DestinationNames = ["warehouse", "lake"] });
        return feed;
    }

    private static string Database(ExternalFeed feed) => feed.PathOf("../warehouse.db");

    private static List<string> Rows(ExternalFeed feed, params string[] columns)
    {
        using var connection = new SqliteConnection($"Data Source={Database(feed)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", columns.Length == 0 ? ["id", "name", "extra"] : columns)} FROM orders";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "∅" : reader.GetValue(i).ToString())));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
