using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>Plans and runs report what somebody changed by hand in the ledger or the table.</summary>
public sealed class HandMadeChangeTests
{
    [Fact]
    public async Task Rows_deleted_from_the_ledger_are_reported_by_plan_and_run()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        loading.Write("b.csv", "id,note\n2,b\n");
        await loading.SucceedAsync();
        Assert.Empty(await PlanWarningsAsync(loading));

        loading.Execute("DELETE FROM peaks3feed_file WHERE object_key = 'a.csv'");
        var warning = Assert.Single(await PlanWarningsAsync(loading));
        Assert.Equal(
            ("LedgerIncomplete", "The ledger of feed orders and table orders is not whole: 1 of 2 rows of peaks3feed_file is missing."),
            (warning.Id, warning.Message));
        Assert.Contains("twice", warning.Hint, StringComparison.Ordinal);
        Assert.Equal("LedgerIncomplete", Assert.Single((await loading.SucceedAsync()).Warnings).Id);
    }

    [Fact]
    public async Task Loads_deleted_from_the_ledger_are_reported()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", "id,note\n2,b\n");
        await loading.SucceedAsync();
        loading.Execute("DELETE FROM peaks3feed_load WHERE sequence = 1");
        Assert.EndsWith("1 of 2 rows of peaks3feed_load is missing.", Assert.Single(await PlanWarningsAsync(loading)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_reset_retired_is_not_counted()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        await loading.Store.Engine().ResetAsync("orders", dropTable: false, CancellationToken.None);
        loading.Execute("DROP TABLE orders");
        await loading.SucceedAsync();
        Assert.Empty(await PlanWarningsAsync(loading));

        loading.Execute("DELETE FROM peaks3feed_file WHERE retired = 0");
        Assert.EndsWith("1 of 1 row of peaks3feed_file is missing.", Assert.Single(await PlanWarningsAsync(loading)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replacements_changed_objects_and_resets_leave_the_ledger_whole()
    {
        using var loading = await Loading.BeginAsync(f => f with { LoadType = LoadType.TruncateInsert });
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", "id,note\n2,b\n");
        await loading.SucceedAsync();
        Assert.Empty(await PlanWarningsAsync(loading));

        await loading.ChangeAsync(f => f with { LoadType = LoadType.Incremental, OnChangedObject = ChangedObjectAction.Replace });
        loading.Write("b.csv", "id,note\n2,changed\n");
        await loading.SucceedAsync();
        Assert.Empty(await PlanWarningsAsync(loading));

        await loading.Store.Engine().ResetAsync(TestStore.FeedName, dropTable: true, default);
        Assert.Empty(await PlanWarningsAsync(loading));
        Assert.Empty((await loading.SucceedAsync()).Warnings);
        Assert.Empty(await PlanWarningsAsync(loading));
    }

    [Fact]
    public async Task A_dropped_column_is_added_again_with_a_word()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        loading.Execute("ALTER TABLE orders DROP COLUMN note");
        loading.Write("b.csv", "id,note\n2,b\n");
        var warning = Assert.Single((await loading.SucceedAsync()).Warnings);
        Assert.Equal(
            ("ColumnAddedAgain", "note", "Table orders no longer has column note, which feed orders has filled: the next load adds it again, and the rows that are there hold NULL in it."),
            (warning.Id, warning.Subject, warning.Message));
        Assert.Equal(["1|∅", "2|b"], loading.Query("SELECT id, note FROM orders ORDER BY id"));
        Assert.Empty(await PlanWarningsAsync(loading));
    }

    [Fact]
    public async Task A_renamed_column_is_named_and_the_command_that_is_suggested_fills_it()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        loading.Execute("ALTER TABLE orders RENAME COLUMN note TO remark");
        var warning = Assert.Single(await PlanWarningsAsync(loading));
        Assert.EndsWith("It may have been renamed to remark.", warning.Message, StringComparison.Ordinal);
        Assert.Equal("peaks3feed set orders schema.note.name=remark", Assert.Single(warning.Remedies).Shell);

        await loading.Store.Engine().Definitions.SetFeedAsync(TestStore.FeedName, [new("schema.note.name", "remark")], default);
        loading.Write("b.csv", "id,note\n2,b\n");
        Assert.Empty((await loading.SucceedAsync()).Warnings);
        Assert.Equal(["1|a", "2|b"], loading.Query("SELECT id, remark FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task A_dropped_audit_column_is_added_again_with_a_word()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        loading.Execute("ALTER TABLE orders DROP COLUMN peakauditfilename");
        Assert.Equal(("ColumnAddedAgain", "peakauditfilename"), (Assert.Single(await PlanWarningsAsync(loading)).Id, (await PlanWarningsAsync(loading))[0].Subject));
    }

    [Fact]
    public async Task Audit_columns_that_were_never_there_are_added_without_a_word()
    {
        using var loading = await Loading.BeginAsync(f => f with { AuditColumns = AuditColumns.None });
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        await loading.ChangeAsync(f => f with { AuditColumns = AuditColumns.All });
        Assert.Empty(await PlanWarningsAsync(loading));
    }

    private static async Task<IReadOnlyList<FeedWarning>> PlanWarningsAsync(Loading loading)
    {
        using var plan = await loading.Store.Engine().PlanAsync(TestStore.FeedName, accessKey: null, default);
        return plan.Warnings;
    }
}
