namespace PeakS3Feed.Integration.Remedies;

/// <summary>What files suggest that do not belong together, or are read in the wrong way.</summary>
internal static class HeaderScenarios
{
    private const string ByPlace = "(SELECT column_1 AS id FROM orders)";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("A later file has another separator", ["RowErrors.NoKnownField: SetFeed Separator csv.separator"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id,name\n1,Ann\n");
            await stage.LoadAsync();
            stage.Put("in/b.csv", "id;name\n2;Ben\n3;Cy\n");
            await stage.FollowAsync(await stage.RunFailsAsync("NoKnownField"), "Semicolon");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2", "3");
        }),
        new("What is loaded was read with another separator", ["RowErrors.NoKnownField: ResetTable"], async stage =>
        {
            await stage.FeedAsync("\"csv\": { \"separator\": \"Comma\" }");
            stage.Put("in/a.csv", "id;name\n1;Ann\n");
            await stage.LoadAsync();
            await stage.SetAsync("csv.separator=Semicolon", "-Separator Semicolon");
            stage.Put("in/b.csv", "id;name\n2;Ben\n");
            await stage.FollowAsync(await stage.RunFailsAsync("NoKnownField"), "reset", confirms: true);
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("A separator is changed after a run", ["FeedConsequences.ReadOtherwise: ResetTable"], async stage =>
        {
            await stage.FeedAsync("\"csv\": { \"separator\": \"Comma\" }");
            stage.Put("in/a.csv", "id;name\n1;Ann\n");
            await stage.LoadAsync();
            stage.Put("in/b.csv", "id;name\n2;Ben\n");
            await stage.FollowAsync(await stage.SetAsync("csv.separator=Semicolon", "-Separator Semicolon"), "reset", confirms: true);
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("The only column has another separator in it", ["SamplingErrors.SeparatorDoesNotFit: FeedSetting Separator csv.separator"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id;name\n1;Ann\n2;Ben\n");
            await stage.FollowAsync(await stage.RunFailsAsync("SeparatorDoesNotFit"), "Semicolon");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("The only column has semicolons in it, and is one column", ["SamplingErrors.SeparatorDoesNotFit: FeedSetting Separator csv.separator"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id;name\n1;Ann\n2;Ben\n");
            await stage.FollowAsync(await stage.RunFailsAsync("SeparatorDoesNotFit"), "Comma");
            await stage.LoadAsync();
            stage.Holds("(SELECT id_name AS id FROM orders)", "1;Ann", "2;Ben");
        }),
        new("Files without a header look unlike", ["RowErrors.UnlikeFiles: NoHeader"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "1,Ann\n2,Ben\n");
            stage.Put("in/b.csv", "3,Cy\n4,Di\n");
            await stage.FollowAsync(await stage.RunFailsAsync("NoKnownField"), "Header");
            await stage.LoadAsync();
            stage.Holds(ByPlace, "1", "2", "3", "4");
        }),
        new("A header looks like a row", ["HeaderWarnings.LooksLikeData: NoHeader"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "1,10\n2,20\n");
            await stage.FollowAsync(await stage.DoAsync("peaks3feed run orders --plan", "Get-S3FeedPlan -Name orders"), "Header");
            await stage.LoadAsync();
            stage.Holds(ByPlace, "1", "2");
        }),
        new("Somebody renamed a column of the table", ["PlanWarnings.ColumnAddedAgain: RenameColumn"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id,amount\n1,3\n2,4\n");
            await stage.LoadAsync();
            stage.Execute("ALTER TABLE orders RENAME COLUMN amount TO total");
            stage.Put("in/b.csv", "id,amount\n3,5\n");
            await stage.FollowAsync(await stage.DoAsync("peaks3feed run orders --plan", "Get-S3FeedPlan -Name orders"), "total");
            await stage.LoadAsync();
            stage.Holds("(SELECT id || '/' || total AS id FROM orders)", "1/3", "2/4", "3/5");
        }),
        new("Somebody renamed a column of the table, and the store is named", ["PlanWarnings.ColumnAddedAgain: RenameColumn"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id,amount\n1,3\n2,4\n");
            await stage.LoadAsync();
            stage.Execute("ALTER TABLE orders RENAME COLUMN amount TO total");
            stage.Put("in/b.csv", "id,amount\n3,5\n");
            stage.Variables["PEAKS3FEED_HOME"] = stage.Bucket; // another store, which the suggested command must not take
            await stage.FollowAsync(await stage.DoAsync($"peaks3feed --store {stage.Store} run orders --plan", $"Get-S3FeedPlan -Name orders -StorePath {stage.Store}"), "total");
            stage.Variables.Remove("PEAKS3FEED_HOME");
            await stage.LoadAsync();
            stage.Holds("(SELECT id || '/' || total AS id FROM orders)", "1/3", "2/4", "3/5");
        }),
    ];
}
