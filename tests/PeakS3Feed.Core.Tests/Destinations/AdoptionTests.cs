using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>A feed adopts a table in which rows of its own objects may stand already: no command that is suggested loads them twice.</summary>
public sealed class AdoptionTests
{
    [Fact]
    public async Task After_a_reset_the_suggested_adoption_loads_nothing_twice()
    {
        using var loading = await LoadedAsync();
        await ResetAsync(loading);
        Assert.Equal("2|1", loading.Single("SELECT count(*), count(DISTINCT retired) FROM peaks3feed_file"));
        Assert.Equal("1", loading.Single("SELECT count(*) FROM peaks3feed_load WHERE retired > 0"));
        Assert.Equal("2", loading.Single("SELECT format_version FROM peaks3feed_lock"));

        var refused = (await loading.RunAsync()).FeedError!;
        Assert.Equal("TableHoldsRows", refused.Id);
        Assert.Contains("2 objects loaded by this feed, before it was reset", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["peaks3feed set orders adoptTable=true", "peaks3feed reset orders --drop-table"], refused.Remedies.Select(r => r.Shell));
        Assert.Equal("Set-S3Feed -Name orders -AdoptTable", refused.Remedies[0].Cmdlet);

        await loading.ChangeAsync(f => f with { AdoptTable = true });
        var run = await loading.SucceedAsync();
        Assert.Equal(0, run.RowsLoaded);
        Assert.Equal(["LedgerTakenOver"], run.Warnings.Select(w => w.Id));
        Assert.Equal(RunStatus.NothingToDo, (await loading.RunAsync()).Run.Status);
        loading.Write("c.csv", "id,name\n3,Cy\n");
        Assert.Equal(1, (await loading.SucceedAsync()).RowsLoaded);
        Assert.Equal(["1|Ann", "2|Bo", "3|Cy"], loading.Query("SELECT id, name FROM orders ORDER BY id"));
        Assert.Equal("2", loading.Single("SELECT count(DISTINCT load_id) FROM peaks3feed_load"));
        Assert.Equal(["1", "2"], loading.Query("SELECT sequence FROM peaks3feed_load ORDER BY 1"));
    }

    [Fact]
    public async Task A_changed_object_is_still_a_changed_one_after_the_takeover()
    {
        using var loading = await LoadedAsync(f => f with { OnChangedObject = ChangedObjectAction.Replace });
        await ResetAsync(loading);
        loading.Write("a.csv", "id,name\n1,Anna\n");
        await loading.ChangeAsync(f => f with { AdoptTable = true });

        Assert.Equal(1, (await loading.SucceedAsync()).RowsLoaded);
        Assert.Equal(["1|Anna", "2|Bo"], loading.Query("SELECT id, name FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task Two_resets_and_only_the_loads_whose_rows_are_there_are_taken_over()
    {
        using var loading = await LoadedAsync();
        await ResetAsync(loading);
        loading.Query("DELETE FROM orders");
        loading.Delete("b.csv");
        Assert.Equal(1, (await loading.SucceedAsync()).RowsLoaded); // the table is empty: nothing to adopt
        await ResetAsync(loading);
        loading.Write("b.csv", "id,name\n2,Bo\n");
        await loading.ChangeAsync(f => f with { AdoptTable = true });

        Assert.Equal(1, (await loading.SucceedAsync()).RowsLoaded);
        Assert.Equal(["1|Ann", "2|Bo"], loading.Query("SELECT id, name FROM orders ORDER BY id"));
    }

    [Theory]
    [InlineData(LoadType.Incremental)]
    [InlineData(LoadType.Upsert)]
    public async Task A_feed_that_is_made_again_takes_over_what_the_removed_one_loaded(LoadType loadType)
    {
        using var loading = await LoadedAsync(f => f with { LoadType = loadType, PrimaryKey = loadType == LoadType.Upsert ? ["id"] : [] });
        var removed = await loading.Store.FeedAsync();
        await loading.Store.Engine().RemoveFeedAsync("orders", dropTable: false, CancellationToken.None);
        await loading.Store.AddAsync(removed with { Id = Guid.NewGuid(), Schema = null });

        var refused = (await loading.RunAsync()).FeedError!;
        Assert.Equal("TableHoldsRows", refused.Id);
        Assert.Contains($"a feed that this store does not have (id {removed.Id:D})", refused.Message, StringComparison.Ordinal);
        await loading.ChangeAsync(f => f with { AdoptTable = true });
        loading.Write("c.csv", "id,name\n3,Cy\n");
        Assert.Equal(1, (await loading.SucceedAsync()).RowsLoaded);
        Assert.Equal(["1|Ann", "2|Bo", "3|Cy"], loading.Query("SELECT id, name FROM orders ORDER BY id"));
        Assert.Equal("0", loading.Single($"SELECT count(*) FROM peaks3feed_file WHERE feed_id = '{removed.Id:D}'"));
        Assert.Equal("3", loading.Single("SELECT count(*) FROM peaks3feed_file"));
    }

    [Fact]
    public async Task A_feed_without_audit_columns_takes_over_its_own_last_loads()
    {
        using var loading = await LoadedAsync(f => f with { AuditColumns = AuditColumns.None });
        await ResetAsync(loading);
        await loading.ChangeAsync(f => f with { AdoptTable = true });

        Assert.Equal(0, (await loading.SucceedAsync()).RowsLoaded);
        Assert.Equal("2", loading.Single("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task The_circle_of_suggestions_ends_with_every_row_there_once()
    {
        using var loading = await LoadedAsync(f => f with { Schema = new([new("id", "id", ColumnType.BigInt), new("name", "name", ColumnType.Text)]) });
        await RetypeAsync(loading, ColumnType.Double);
        loading.Write("c.csv", "id,name\n3,Cy\n");
        Assert.Equal("CannotRetype", await loading.FailAsync());
        await ResetAsync(loading);
        Assert.Equal("TableHoldsRows", await loading.FailAsync());
        await loading.ChangeAsync(f => f with { AdoptTable = true });
        Assert.Equal("CannotRetype", await loading.FailAsync());
        await RetypeAsync(loading, ColumnType.BigInt);
        Assert.Equal(1, (await loading.SucceedAsync()).RowsLoaded);

        Assert.Equal(["1", "2", "3"], loading.Query("SELECT id FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task A_type_changes_with_the_takeover()
    {
        using var loading = await LoadedAsync(f => f with { Schema = new([new("id", "id", ColumnType.BigInt), new("name", "name", ColumnType.Text)]) });
        await RetypeAsync(loading, ColumnType.Text);
        await ResetAsync(loading);
        await loading.ChangeAsync(f => f with { AdoptTable = true });
        loading.Write("c.csv", "id,name\nx3,Cy\n");
        Assert.Equal(1, (await loading.SucceedAsync()).RowsLoaded);

        Assert.Equal(["1|text", "2|text", "x3|text"], loading.Query("SELECT id, typeof(id) FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task Rows_of_the_feeds_objects_without_a_ledger_are_refused_and_both_remedies_work()
    {
        using var loading = await LoadedAsync();
        loading.Query("DROP TABLE peaks3feed_lock; DROP TABLE peaks3feed_load; DROP TABLE peaks3feed_file");
        var refused = (await loading.RunAsync()).FeedError!;
        Assert.Equal("TableHoldsFeedRows", refused.Id);
        Assert.Contains("2 objects", refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            ["peaks3feed reset orders --drop-table", "peaks3feed set orders adoptTable=true assumeLoadedBefore=2026-01-01T00:00:03Z"], refused.Remedies.Select(r => r.Shell));
        await loading.ChangeAsync(f => f with { AdoptTable = true });
        Assert.Equal("TableHoldsFeedRows", await loading.FailAsync());

        await loading.ChangeAsync(f => f with { AssumeLoadedBefore = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero) });
        using (var plan = await loading.Store.Engine().PlanAsync("orders", null, CancellationToken.None))
        {
            Assert.Equal((0, 2, false), (plan.ObjectsToLoad, plan.ObjectsAssumedLoaded, plan.IsNothingToDo));
            Assert.Equal(["ObjectsAssumedLoaded"], plan.Warnings.Select(w => w.Id));
            Assert.False(plan.MatchesNothing);
        }
        var run = await loading.SucceedAsync();
        Assert.Equal((0, "ObjectsAssumedLoaded"), (run.RowsLoaded, Assert.Single(run.Warnings).Id));
        Assert.Contains("2 objects last modified before 2026-06-01", run.Warnings[0].Message, StringComparison.Ordinal);
        loading.Write("c.csv", "id,name\n3,Cy\n");
        Assert.Equal(1, (await loading.SucceedAsync()).RowsLoaded);
        Assert.Equal(["1|Ann", "2|Bo", "3|Cy"], loading.Query("SELECT id, name FROM orders ORDER BY id"));

        await loading.Store.Engine().ResetAsync("orders", dropTable: true, CancellationToken.None);
        Assert.Equal("0", loading.Single("SELECT count(*) FROM peaks3feed_file"));
        Assert.Null((await loading.Store.FeedAsync()).AssumeLoadedBefore);
        Assert.Equal(3, (await loading.SucceedAsync()).RowsLoaded);
    }

    [Theory]
    [InlineData(ChangedObjectAction.Stop, "ChangedObjectUndecided", 2)]
    [InlineData(ChangedObjectAction.Replace, "EarlierRowsUnknown", 2)]
    [InlineData(ChangedObjectAction.Ignore, null, 2)]
    [InlineData(ChangedObjectAction.Append, null, 3)]
    public async Task An_object_with_rows_that_is_newer_than_the_assumption_is_a_changed_one(ChangedObjectAction action, string? error, int rows)
    {
        using var loading = await LoadedAsync(f => f with { OnChangedObject = action });
        loading.Query("DROP TABLE peaks3feed_lock; DROP TABLE peaks3feed_load; DROP TABLE peaks3feed_file");
        await loading.ChangeAsync(f => f with { AdoptTable = true, AssumeLoadedBefore = new(2026, 1, 1, 0, 0, 2, TimeSpan.Zero) }); // a.csv only

        var result = await loading.RunAsync();
        Assert.Equal(error, result.FeedError?.Id);
        Assert.Equal($"{rows}", loading.Single("SELECT count(*) FROM orders"));
        if (error is null)
            Assert.Equal(action == ChangedObjectAction.Append ? "2" : "1", loading.Single("SELECT count(*) FROM peaks3feed_file"));
    }

    [Fact]
    public async Task An_object_that_was_assumed_and_changes_later_does_not_stand_beside_its_old_rows_unasked()
    {
        using var loading = await LoadedAsync(f => f with { OnChangedObject = ChangedObjectAction.Replace });
        loading.Query("DROP TABLE peaks3feed_lock; DROP TABLE peaks3feed_load; DROP TABLE peaks3feed_file");
        await loading.ChangeAsync(f => f with { AdoptTable = true, AssumeLoadedBefore = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero) });
        await loading.SucceedAsync();
        loading.Write("a.csv", "id,name\n1,Anna\n");

        Assert.Equal("EarlierRowsUnknown", await loading.FailAsync());
        Assert.Equal(["1|Ann", "2|Bo"], loading.Query("SELECT id, name FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task Rows_of_other_objects_are_adopted_as_before()
    {
        using var loading = await LoadedAsync();
        loading.Query("DROP TABLE peaks3feed_lock; DROP TABLE peaks3feed_load; DROP TABLE peaks3feed_file");
        loading.Query("UPDATE orders SET peakauditfilename = 's3://bucket/elsewhere.csv'");
        await loading.ChangeAsync(f => f with { AdoptTable = true });

        Assert.Equal(2, (await loading.SucceedAsync()).RowsLoaded);
        Assert.Equal("4", loading.Single("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task A_feed_that_replaces_its_table_replaces_it_after_a_reset()
    {
        using var loading = await LoadedAsync(f => f with { LoadType = LoadType.TruncateInsert });
        await ResetAsync(loading);

        Assert.Equal(2, (await loading.SucceedAsync()).RowsLoaded);
        Assert.Equal("2", loading.Single("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task A_ledger_of_format_1_is_read_as_it_is_and_migrated_by_a_reset()
    {
        using var loading = await LoadedAsync();
        loading.Query("ALTER TABLE peaks3feed_lock DROP COLUMN retired_schema_json; ALTER TABLE peaks3feed_load DROP COLUMN retired; ALTER TABLE peaks3feed_file DROP COLUMN retired");
        Assert.Equal(RunStatus.NothingToDo, (await loading.RunAsync()).Run.Status);
        loading.Write("c.csv", "id,name\n3,Cy\n");
        Assert.Equal(1, (await loading.SucceedAsync()).RowsLoaded);
        Assert.DoesNotContain("retired", loading.Query("SELECT name FROM pragma_table_info('peaks3feed_file')"));

        await ResetAsync(loading);
        Assert.Equal("3", loading.Single("SELECT count(*) FROM peaks3feed_file WHERE retired = 2"));
        await ResetAsync(loading);
        await loading.ChangeAsync(f => f with { AdoptTable = true });
        Assert.Equal(0, (await loading.SucceedAsync()).RowsLoaded);
    }

    [Fact]
    public async Task An_orphan_in_a_ledger_of_format_1_is_taken_over()
    {
        using var loading = await LoadedAsync();
        loading.Query("ALTER TABLE peaks3feed_lock DROP COLUMN retired_schema_json; ALTER TABLE peaks3feed_load DROP COLUMN retired; ALTER TABLE peaks3feed_file DROP COLUMN retired");
        var removed = await loading.Store.FeedAsync();
        await loading.Store.Engine().RemoveFeedAsync("orders", dropTable: false, CancellationToken.None);
        await loading.Store.AddAsync(removed with { Id = Guid.NewGuid(), AdoptTable = true });

        Assert.Equal(0, (await loading.SucceedAsync()).RowsLoaded);
        Assert.Equal(RunStatus.NothingToDo, (await loading.RunAsync()).Run.Status);
        Assert.Equal("2", loading.Single("SELECT count(*) FROM orders"));
    }

    private static async Task<Loading> LoadedAsync(Func<S3Feed, S3Feed>? configure = null)
    {
        var loading = await Loading.BeginAsync(configure);
        loading.Write("a.csv", "id,name\n1,Ann\n");
        loading.Write("b.csv", "id,name\n2,Bo\n");
        await loading.SucceedAsync();
        return loading;
    }

    private static Task ResetAsync(Loading loading) => loading.Store.Engine().ResetAsync("orders", dropTable: false, CancellationToken.None);

    private static Task RetypeAsync(Loading loading, ColumnType type)
        => loading.ChangeAsync(f => f with { Schema = new FeedSchema(f.Schema!.Columns.Select(c => c.Name == "id" ? c with { Type = type } : c)) });
}
