namespace PeakS3Feed.Integration.Remedies;

/// <summary>What is suggested where rows of a table are looked at.</summary>
internal static class RowScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("The table has more rows than are shown", ["EngineWarnings.MoreRows: ShowRows"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a b'c.csv", "id\n" + string.Concat(Enumerable.Range(1, 30).Select(i => $"{i}\n")));
            await stage.LoadAsync();
            var all = await stage.DoAsync("peaks3feed rows orders", "Get-S3FeedRow orders");
            Assert.DoesNotContain("30", Ids(all));
            Assert.Contains("30", Ids(await stage.FollowAsync(all, "1000")));
            var run = stage.Query("SELECT DISTINCT peakauditrequestid FROM orders")[0][0];
            var some = await stage.DoAsync(
                $"peaks3feed rows --run {run} --key \"s3://lake/in/a b'c.csv\"", $"Get-S3FeedRow -RunId {run} -Key \"in/a b'c.csv\"");
            Assert.Contains("30", Ids(await stage.FollowAsync(some, "1000")));
        }),
        new("The table is not there yet", ["TableErrors.TableMissing: Run"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id\n1\n");
            await stage.FollowAsync(await stage.FailAsync("TableMissing", "peaks3feed rows orders", "Get-S3FeedRow orders"), "orders");
            stage.Holds("orders", "1");
        }),
        new("The table does not say which run its rows came from", ["TableErrors.RowsNotTraceable: ShowRows", "TableErrors.RowsNotTraceable: SetFeed AuditColumns All"], async stage =>
        {
            await stage.FeedAsync("\"auditColumns\": \"None\"");
            stage.Put("in/a.csv", "id\n1\n");
            await stage.LoadAsync();
            var refused = await stage.FailAsync("RowsNotTraceable", "peaks3feed rows orders --key in/a.csv", "Get-S3FeedRow orders -Key in/a.csv");
            Assert.Contains("1", Ids(await stage.FollowAsync(refused, stage.Language == Language.Shell ? "rows" : "Get-S3FeedRow")));
            await stage.FollowAsync(refused, stage.Language == Language.Shell ? "auditColumns" : "AuditColumns");
            stage.Put("in/b.csv", "id\n2\n");
            await stage.LoadAsync();
            Assert.Contains("2", Ids(await stage.DoAsync("peaks3feed rows orders --key in/b.csv", "Get-S3FeedRow orders -Key in/b.csv")));
        }),
        new("The run is that of another feed", ["EngineErrors.RunOfOtherFeed: RowsOfRun"], async stage =>
        {
            await stage.ImportAsync(Stage.Feed("orders"), Stage.Feed("returns"));
            stage.Put("in/a.csv", "id\n7\n");
            await stage.LoadAsync();
            await stage.LoadAsync("returns");
            var run = stage.Query("SELECT DISTINCT peakauditrequestid FROM returns")[0][0];
            var refused = await stage.FailAsync("RunOfOtherFeed", $"peaks3feed rows orders --run {run}", $"Get-S3FeedRow orders -RunId {run}");
            Assert.Contains("7", Ids(await stage.FollowAsync(refused, stage.Language == Language.Shell ? "rows" : "Get-S3FeedRow")));
        }),
    ];

    // The words of an answer, among them the values of a column of numbers.
    private static string[] Ids(Answer answer) => answer.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
