namespace PeakS3Feed.Integration.Remedies;

/// <summary>What is suggested where a table has to go, to be adopted, or to be made again.</summary>
internal static class ResetScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("A column cannot get its type, and keeps the old one", ["TableErrors.CannotRetype: SetColumnType"], async stage =>
        {
            await stage.FollowAsync(await RetypedAsync(stage), "bigint");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2", "3");
        }),
        new("A column cannot get its type, and everything is loaded again", ["TableErrors.CannotRetype: ResetTable"], async stage =>
        {
            await stage.FollowAsync(await RetypedAsync(stage), "drop", confirms: true);
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2", "3");
            Assert.Equal("real", stage.Query("SELECT typeof(amount) FROM orders")[0][0]);
        }),
        new("A table cannot be made again", ["SqliteErrors.CannotRebuild: ResetTable"], async stage =>
        {
            await stage.FeedAsync("\"adoptTable\": true");
            stage.Execute("CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, amount INTEGER)");
            stage.Put("in/a.csv", "id,amount\n1,3\n2,4\n");
            await stage.LoadAsync();
            await stage.SetAsync("schema.id.type=text", "-Schema @{ id = 'text' }");
            stage.Put("in/b.csv", "id,amount\n3,5\n");
            await stage.FollowAsync(await stage.RunFailsAsync("CannotRebuildTable"), "drop", confirms: true);
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2", "3");
        }),
        new("Rows refer to rows that are not there", ["SqliteErrors.ForeignKeysBroken: Run"], async stage =>
        {
            await stage.FeedAsync("\"adoptTable\": true, \"auditColumns\": \"None\"");
            stage.Execute("CREATE TABLE customers (id INTEGER PRIMARY KEY); INSERT INTO customers VALUES (7); CREATE TABLE orders (id INTEGER, customer INTEGER REFERENCES customers (id), amount INTEGER)");
            stage.Put("in/a.csv", "id,customer,amount\n1,7,10\n");
            await stage.LoadAsync();
            await stage.SetAsync("schema.amount.type=text", "-Schema @{ amount = 'text' }");
            stage.Put("in/b.csv", "id,customer,amount\n2,8,20\n");
            var refused = await stage.RunFailsAsync("ForeignKeysBroken");
            stage.Holds("orders", "1");
            stage.Execute("INSERT INTO customers VALUES (8)");
            await stage.FollowAsync(refused, stage.Language == Language.Shell ? "run" : "Invoke-S3Feed");
            stage.Holds("orders", "1", "2");
        }),
        new("A reset kept the table, which is adopted, and then dropped", ["TableErrors.TableHoldsRows: SetFeed AdoptTable", "DestinationWarnings.LedgerTakenOver: ResetTable"], async stage =>
        {
            await stage.FollowAsync(await ResetAsync(stage), "AdoptTable");
            stage.Put("in/b.csv", "id,amount\n3,5\n");
            var adopted = await stage.RunAsync();
            stage.Holds("orders", "1", "2", "3");
            await stage.FollowAsync(adopted, "drop", confirms: true);
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2", "3");
        }),
        new("A reset kept the table, and everything is loaded again", ["TableErrors.TableHoldsRows: ResetTable"], async stage =>
        {
            await stage.FollowAsync(await ResetAsync(stage), "drop", confirms: true);
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("The ledger is lost, and everything is loaded again", ["TableErrors.TableHoldsFeedRows: ResetTable"], async stage =>
        {
            await stage.FollowAsync(await LedgerLostAsync(stage), "drop", confirms: true);
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("The ledger is lost, and what is there is taken as loaded", ["TableErrors.TableHoldsFeedRows: AssumeLoaded"], async stage =>
        {
            await stage.FollowAsync(await LedgerLostAsync(stage), "AssumeLoadedBefore");
            stage.Put("in/b.csv", "id,amount\n3,5\n");
            stage.Touch("in/b.csv", TimeSpan.FromMinutes(1));
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2", "3");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2", "3");
        }),
        new("A table is another feed's, too", ["EngineErrors.TableIsShared: OtherTable"], async stage =>
        {
            await stage.ImportAsync(Stage.Feed("orders"), Stage.Feed("other", "other/", "\"table\": \"orders\", \"adoptTable\": true"));
            stage.Put("in/a.csv", "id\n1\n");
            stage.Put("other/a.csv", "id\n2\n");
            await stage.LoadAsync();
            await stage.LoadAsync("other");
            var refused = await stage.FailAsync("TableIsShared", "peaks3feed reset orders --drop-table --yes", "Reset-S3Feed -Name orders -DropTable -Confirm:$false");
            stage.Holds("orders", "1", "2");
            await stage.FollowAsync(refused, stage.Table);
            await stage.LoadAsync();
            stage.Holds("orders_2", "1");
            stage.Holds("orders", "1", "2");
        }),
    ];

    private static async Task LoadedAsync(Stage stage)
    {
        await stage.FeedAsync();
        stage.Put("in/a.csv", "id,amount\n1,3\n2,4\n");
        stage.Touch("in/a.csv", TimeSpan.FromMinutes(-1));
        await stage.LoadAsync();
    }

    private static async Task<Answer> RetypedAsync(Stage stage)
    {
        await LoadedAsync(stage);
        await stage.SetAsync("schema.amount.type=double", "-Schema @{ amount = 'double' }");
        stage.Put("in/b.csv", "id,amount\n3,5\n");
        return await stage.RunFailsAsync("CannotRetype");
    }

    private static async Task<Answer> ResetAsync(Stage stage)
    {
        await LoadedAsync(stage);
        await stage.DoAsync("peaks3feed reset orders --yes", "Reset-S3Feed -Name orders -Confirm:$false");
        return await stage.RunFailsAsync("TableHoldsRows");
    }

    private static async Task<Answer> LedgerLostAsync(Stage stage)
    {
        await LoadedAsync(stage);
        stage.Execute("DELETE FROM peaks3feed_file; DELETE FROM peaks3feed_load; DELETE FROM peaks3feed_lock");
        return await stage.RunFailsAsync("TableHoldsFeedRows");
    }
}
