using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Rows that Redshift refuses.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class RedshiftRefusedRowTests : RedshiftFeed
{
    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task A_row_that_the_warehouse_refuses_is_a_reject_with_its_line(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        await database.ExecuteAsync($"CREATE TABLE {database.Schema}.orders (id BIGINT, note VARCHAR(5), v BIGINT)");
        KeepSizes(database);
        var store = await CreateAsync(
            database, f => f with { AuditColumns = AuditColumns.None, FailedRowThreshold = FailedRowThreshold.FromCount(5) });
        Write("a.csv", "id,note,v\n1,short,1\n2,too long,2\n3,fits,3\n");
        Write("b.csv", "id,note,v\n4,aaaaaaaaaa,4\n5,ok,5\n");

        var run = await store.RunAsync();

        Assert.True(run.Run.Status == RunStatus.SucceededWithRejects, run.Error?.ToString());
        var rejects = await store.History.ListRejectsAsync(run.Run.Id).ToListAsync();
        Assert.Equal(["a.csv:3", "b.csv:2"], rejects.Select(r => $"{r.Position.ObjectUri.Split('/')[^1]}:{r.Position.Line}").Order(StringComparer.Ordinal));
        Assert.All(rejects, r => Assert.Contains("note", r.Reason, StringComparison.Ordinal));
        Assert.Equal(["1", "3", "5"], await RowsAsync(database, "SELECT id FROM orders ORDER BY id"));
        Assert.Empty(await database.StagingTablesAsync());
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task Many_refused_rows_do_not_need_a_COPY_each(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        await database.ExecuteAsync($"CREATE TABLE {database.Schema}.orders (id BIGINT, note VARCHAR(5))");
        KeepSizes(database);
        var store = await CreateAsync(
            database, f => f with { AuditColumns = AuditColumns.None, FailedRowThreshold = FailedRowThreshold.FromCount(5000) });
        Write("a.csv", "id,note\n" + string.Concat(Enumerable.Range(1, 3000).Select(i => $"{i},{(i % 2 == 0 ? "fits" : "too long")}\n")));

        var run = await store.RunAsync();

        Assert.True(run.Run.Status == RunStatus.SucceededWithRejects, run.Error?.ToString());
        Assert.Equal((1500L, 1500L), (run.Run.RowsLoaded, run.Run.RowsRejected));
        var copies = database.Server.Controls.Statements.Count(s => s.StartsWith("COPY", StringComparison.Ordinal) && s.Contains("_rows", StringComparison.Ordinal));
        Assert.InRange(copies, 3, 6);
    }

    [SkippableTheory]
    [InlineData("fits", true)]
    [InlineData("\"a\nb\"", false)]
    public async Task Where_the_warehouse_names_only_a_line_the_row_is_found_by_it_or_the_error_says_where_to_look(string before, bool found)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, Way.DataApi);
        await database.ExecuteAsync($"CREATE TABLE {database.Schema}.orders (id BIGINT, note VARCHAR(5))");
        KeepSizes(database);
        database.Server.Controls.Add(new ControlRule(
            "serverless", "stl_load_errors", ControlAction.Fail, Times: 10, State: "42501", Message: "permission denied for relation stl_load_errors"));
        var store = await CreateAsync(
            database, f => f with { AuditColumns = AuditColumns.None, FailedRowThreshold = FailedRowThreshold.FromCount(5) });
        Write("a.csv", $"id,note\n1,{before}\n2,too long\n3,fits\n");

        var run = await store.RunAsync();

        if (found)
        {
            Assert.Equal(3, Assert.Single(await store.History.ListRejectsAsync(run.Run.Id).ToListAsync()).Position.Line);
            Assert.Equal(["1", "3"], await RowsAsync(database, "SELECT id FROM orders ORDER BY id"));
            return;
        }
        Assert.Equal("DestinationRefused", run.FeedError?.Id);
        Assert.Contains("column \"note\" (", run.FeedError!.Message, StringComparison.Ordinal);
        Assert.Empty(await RowsAsync(database, "SELECT id FROM orders"));
    }

    // As if a view used the columns: then a VARCHAR does not grow.
    private static void KeepSizes(RedshiftDatabase database) => database.Server.Controls.Add(new ControlRule(
        "view", $"ALTER TABLE .*{database.Schema}.* TYPE", ControlAction.Fail, Times: 10, State: "0A000", Message: "a view uses the column"));
}
