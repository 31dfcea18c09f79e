namespace PeakS3Feed.Integration.Remedies;

/// <summary>What tables suggest that do not fit their feed.</summary>
internal static class TableScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("A view has the table's name", ["TableErrors.NotATable: OtherTable"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id\n1\n2\n");
            stage.Execute("CREATE VIEW orders AS SELECT 1 AS id");
            await stage.FollowAsync(await stage.RunFailsAsync("NotATable"), stage.Table);
            await stage.LoadAsync();
            stage.Holds("orders_2", "1", "2");
        }),
        new("A table of others is taken, and the next one too", ["TableErrors.TableHoldsRows: OtherTable"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id\n1\n2\n");
            stage.Execute("CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (7); CREATE TABLE orders_2 AS SELECT * FROM orders");
            await stage.FollowAsync(await stage.RunFailsAsync("TableHoldsRows"), stage.Table);
            await stage.FollowAsync(await stage.RunFailsAsync("TableHoldsRows"), stage.Table);
            await stage.LoadAsync();
            stage.Holds("orders", "7");
            stage.Holds("orders_2", "7");
            stage.Holds("orders_3", "1", "2");
        }),
        new("A table that holds rows is adopted", ["TableErrors.TableHoldsRows: SetFeed AdoptTable"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id\n1\n2\n");
            stage.Execute("CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (7)");
            await stage.FollowAsync(await stage.RunFailsAsync("TableHoldsRows"), "AdoptTable");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2", "7");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2", "7");
        }),
        new("The table of a TruncateInsert is another feed's", ["TableErrors.TableBelongsToOther: OtherTable"], async stage =>
        {
            await stage.FollowAsync(await OtherFeedAsync(stage), stage.Table);
            await stage.LoadAsync("other");
            stage.Holds("orders", "1");
            stage.Holds("orders_2", "2");
        }),
        new("A TruncateInsert adopts another feed's table", ["TableErrors.TableBelongsToOther: SetFeed AdoptTable"], async stage =>
        {
            await stage.FollowAsync(await OtherFeedAsync(stage), "AdoptTable");
            await stage.LoadAsync("other");
            stage.Holds("orders", "2");
        }),
        new("A column has another type", ["TableErrors.ColumnTypeDiffers: OtherTable"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id,amount\n1,3\n2,4\n");
            stage.Execute("CREATE TABLE orders (id INTEGER, amount TEXT)");
            await stage.FollowAsync(await stage.RunFailsAsync("ColumnTypeDiffers"), stage.Table);
            await stage.LoadAsync();
            stage.Holds("orders_2", "1", "2");
        }),
        new("A column's new name is taken", ["TableErrors.ColumnNameTaken: OtherTable"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id,amount\n1,3\n2,4\n");
            await stage.LoadAsync();
            stage.Execute("ALTER TABLE orders ADD COLUMN total TEXT");
            await stage.DoAsync(
                "peaks3feed set orders schema.amount.name=total",
                "$columns = @(Get-S3FeedSchema -FeedName orders); $columns[1].Name = 'total'; Set-S3Feed -Name orders -Schema $columns");
            stage.Put("in/b.csv", "id,amount\n3,5\n");
            await stage.FollowAsync(await stage.RunFailsAsync("ColumnNameTaken"), stage.Table);
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
            stage.Holds("orders_2", "1", "2", "3");
        }),
        new("The table of a ledger is gone", ["TableErrors.LedgerWithoutTable: Reset"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id\n1\n2\n");
            await stage.LoadAsync();
            stage.Execute("DROP TABLE orders");
            await stage.FollowAsync(await stage.RunFailsAsync("LedgerWithoutTable"), "reset", confirms: true);
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("Earlier rows are unknown, and the new version is added", ["TableErrors.EarlierRowsUnknown: SetFeed OnChangedObject Append"], s => EarlierRowsAsync(s, "Append", "1", "1", "2")),
        new("Earlier rows are unknown, and the new version is left out", ["TableErrors.EarlierRowsUnknown: SetFeed OnChangedObject Ignore"], s => EarlierRowsAsync(s, "Ignore", "1")),
        new("Earlier rows are unknown, and everything is loaded again", ["TableErrors.EarlierRowsUnknown: ResetTable"], s => EarlierRowsAsync(s, "drop", "1", "2")),
        new("A primary key is misspelled", ["FeedRunErrors.KeyColumnUnknown: SetFeed PrimaryKey"], async stage =>
        {
            await stage.FeedAsync("\"loadType\": \"Upsert\", \"primaryKey\": [\"regoin\", \"id\"]");
            stage.Put("in/a.csv", "id,region,amount\n1,eu,1\n1,us,2\n1,eu,3\n");
            await stage.FollowAsync(await stage.RunFailsAsync("KeyColumnUnknown"), stage.Language == Language.Shell ? "region,id" : "region, id");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "1");
            Assert.Equal(3L, stage.Query("SELECT amount FROM orders WHERE region = 'eu'")[0][0]);
        }),
        new("The table is not unique by the new key", ["TableErrors.KeyNotUnique: SetFeed PrimaryKey <COLUMN>"], async stage =>
        {
            await stage.FollowAsync(await KeyNotUniqueAsync(stage), "<COLUMN>", "<COLUMN>", "line");
            await stage.LoadAsync();
            Assert.Equal("1/1 1/2 2/3", stage.Query("SELECT group_concat(id || '/' || line, ' ') FROM (SELECT * FROM orders ORDER BY line)")[0][0]);
        }),
        new("The table is not unique by the new key, and the feed appends", ["TableErrors.KeyNotUnique: Append"], async stage =>
        {
            await stage.FollowAsync(await KeyNotUniqueAsync(stage), "LoadType");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "1", "2");
        }),
        new("A replacement has no rows, and that is meant", ["CommitErrors.WouldEmptyTable: SetFeed AllowEmpty", "CommitErrors.WouldEmptyTable: Plan"], async stage =>
        {
            await stage.FeedAsync("\"loadType\": \"TruncateInsert\"");
            stage.Put("in/a.csv", "id\n1\n");
            await stage.LoadAsync();
            stage.Put("in/a.csv", "id\n");
            var refused = await stage.RunFailsAsync("WouldEmptyTable");
            stage.Holds("orders", "1");
            await stage.FollowAsync(refused, "AllowEmpty");
            await stage.FollowAsync(refused, "Plan");
            stage.Holds("orders", "1");
            await stage.LoadAsync();
            stage.Holds("orders");
        }),
        new("The database refuses a row", ["DestinationErrors.Refused: Run"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id\n1\n");
            await stage.LoadAsync();
            stage.Execute("CREATE TRIGGER guard BEFORE INSERT ON orders BEGIN SELECT RAISE(ABORT, 'closed for the night'); END");
            stage.Put("in/b.csv", "id\n2\n");
            var refused = await stage.RunFailsAsync("DestinationRefused");
            stage.Execute("DROP TRIGGER guard");
            await stage.FollowAsync(refused, stage.Language == Language.Shell ? "run" : "Invoke");
            stage.Holds("orders", "1", "2");
        }),
        new("A feed names two destinations", ["DefinitionErrors.DestinationsDoNotCombine: SetFeed DestinationName destinationNames"], async stage =>
        {
            await stage.FeedAsync("\"destinationNames\": [\"local\"]");
            await stage.ImportDocumentAsync("""{ "destinations": [ { "kind": "Sqlite", "name": "spare", "path": "spare.db" } ] }""");
            stage.Put("in/a.csv", "id\n1\n");
            var definitions = Path.Combine(stage.Store, "definitions.json");
            await File.WriteAllTextAsync(definitions, (await File.ReadAllTextAsync(definitions)).Replace("\"local\"", "\"local\", \"spare\"", StringComparison.Ordinal));
            await stage.FollowAsync(await stage.RunFailsAsync("DestinationsDoNotCombine"), "local");
            await stage.LoadAsync();
            stage.Holds("orders", "1");
        }),
    ];

    private static async Task<Answer> OtherFeedAsync(Stage stage)
    {
        await stage.ImportAsync(Stage.Feed("orders", "in/", "\"loadType\": \"TruncateInsert\""), Stage.Feed("other", "other/", "\"loadType\": \"TruncateInsert\", \"table\": \"orders\""));
        stage.Put("in/a.csv", "id\n1\n");
        stage.Put("other/a.csv", "id\n2\n");
        await stage.LoadAsync();
        return await stage.RunFailsAsync("TableBelongsToOther", "other");
    }

    private static async Task<Answer> KeyNotUniqueAsync(Stage stage)
    {
        await stage.FeedAsync();
        stage.Put("in/a.csv", "id,line\n1,1\n1,2\n");
        await stage.LoadAsync();
        await stage.SetAsync("loadType=Upsert primaryKey=id", "-LoadType Upsert -PrimaryKey id");
        stage.Put("in/b.csv", "id,line\n2,3\n");
        return await stage.RunFailsAsync("KeyNotUnique");
    }

    private static async Task EarlierRowsAsync(Stage stage, string action, params string[] expected)
    {
        await stage.FeedAsync("\"auditColumns\": \"None\"");
        stage.Put("in/a.csv", "id\n1\n");
        await stage.LoadAsync();
        await stage.SetAsync("auditColumns=All onChangedObject=Replace", "-AuditColumns All -OnChangedObject Replace");
        stage.Put("in/a.csv", "id\n1\n2\n");
        await stage.FollowAsync(await stage.RunFailsAsync("EarlierRowsUnknown"), action, confirms: true);
        await stage.LoadAsync();
        stage.Holds("orders", expected);
    }
}
