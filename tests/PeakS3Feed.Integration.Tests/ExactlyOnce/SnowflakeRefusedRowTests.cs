using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Rows that Snowflake refuses.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class SnowflakeRefusedRowTests : WarehouseFeed
{
    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_that_Snowflake_refuses_is_a_reject_with_its_line(bool validates)
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        await database.CreateTableAsync("orders", "id NUMBER(38,0), note VARCHAR(5), v NUMBER(38,0)");
        KeepSizes(database);
        if (!validates) // then only the row of the error is known, and each takes a COPY of its own
        {
            database.Controls.Add(new ControlRule(
                "validation", "VALIDATION_MODE", ControlAction.Fail, Times: 10, State: "0A000", Code: "000002", Message: "Unsupported feature 'VALIDATION_MODE'."));
        }
        var store = await CreateAsync(
            database, f => f with { AuditColumns = AuditColumns.None, FailedRowThreshold = FailedRowThreshold.FromCount(5) });
        Write("a.csv", "id,note,v\n1,short,1\n2,too long,2\n3,fits,3\n");
        Write("b.csv", "id,note,v\n4,aaaaaaaaaa,4\n5,ok,5\n");

        var run = await store.RunAsync();

        Assert.True(run.Run.Status == RunStatus.SucceededWithRejects, run.Error?.ToString());
        var rejects = await store.History.ListRejectsAsync(run.Run.Id).ToListAsync();
        Assert.Equal(["a.csv:3", "b.csv:2"], rejects.Select(r => $"{r.Position.ObjectUri.Split('/')[^1]}:{r.Position.Line}").Order(StringComparer.Ordinal));
        Assert.All(rejects, r => Assert.Contains("column NOTE", r.Reason, StringComparison.Ordinal));
        Assert.Equal(["1", "3", "5"], await RowsAsync(database, "SELECT id FROM orders ORDER BY id"));
        Assert.Empty(await database.StagingTablesAsync());
        Assert.Empty(await database.StagedAsync());
    }

    [SkippableFact]
    public async Task Many_refused_rows_do_not_need_a_COPY_each()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        await database.CreateTableAsync("orders", "id NUMBER(38,0), note VARCHAR(5)");
        KeepSizes(database);
        var store = await CreateAsync(
            database, f => f with { AuditColumns = AuditColumns.None, FailedRowThreshold = FailedRowThreshold.FromCount(5000) });
        Write("a.csv", "id,note\n" + string.Concat(Enumerable.Range(1, 3000).Select(i => $"{i},{(i % 2 == 0 ? "fits" : "too long")}\n")));

        var run = await store.RunAsync();

        Assert.True(run.Run.Status == RunStatus.SucceededWithRejects, run.Error?.ToString());
        Assert.Equal((1500L, 1500L), (run.Run.RowsLoaded, run.Run.RowsRejected));
        Assert.Equal(3, database.Controls.Statements.Count(s => s.StartsWith("COPY INTO", StringComparison.Ordinal) && s.Contains("_ROWS", StringComparison.Ordinal)));
    }

    // As if a policy were on the column: then a VARCHAR does not grow.
    private static void KeepSizes(SnowflakeDatabase database) => database.Controls.Add(new ControlRule(
        "policy", "SET DATA TYPE", ControlAction.Fail, Times: 10, State: "0A000", Code: "003601",
        Message: "Cannot change column NOTE because it is used by a policy."));
}
