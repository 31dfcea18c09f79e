namespace PeakS3Feed.Integration.Remedies;

/// <summary>What a feed suggests that matches nothing.</summary>
internal static class MatchScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("The case of the feed's path is another", ["SettingChanges.Command: SetFeed"], async stage =>
        {
            await stage.ImportAsync(Stage.Feed("orders", "data in/It's/"));
            stage.Put("Data in/it's/a.csv", "id\n1\n2\n");
            await stage.FollowAsync(await stage.RunAsync(), "Path");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("A preview finds nothing under the path", ["SamplingErrors.GetSettings: FeedSetting"], async stage =>
        {
            await stage.ImportAsync(Stage.Feed("orders", "In/"));
            stage.Put("in/a.csv", "id\n1\n2\n");
            await stage.FollowAsync(await stage.FailAsync("PathNotFound", "peaks3feed preview orders", "Show-S3FeedPreview -FeedName orders"), "Path");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
    ];
}
