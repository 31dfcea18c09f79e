namespace PeakS3Feed.Integration.Remedies;

/// <summary>What planning and running suggest.</summary>
internal static class RunScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("A changed object replaces its rows", ["FeedRunErrors.ChangedObjectUndecided: SetFeed OnChangedObject Replace"], s => ChangedAsync(s, "Replace", "1", "2", "3")),
        new("A changed object is added", ["FeedRunErrors.ChangedObjectUndecided: SetFeed OnChangedObject Append"], s => ChangedAsync(s, "Append", "1", "1", "2", "3")),
        new("A changed object is ignored", ["FeedRunErrors.ChangedObjectUndecided: SetFeed OnChangedObject Ignore"], s => ChangedAsync(s, "Ignore", "1", "3")),
        new("A disabled feed is enabled", ["FeedRunErrors.Disabled: EnableFeed"], async stage =>
        {
            await stage.FeedAsync("\"enabled\": false");
            stage.Put("in/a.csv", "id\n1\n2\n");
            var refused = await stage.RunFailsAsync("FeedDisabled");
            await stage.FollowAsync(refused, stage.Language == Language.Shell ? "enabled=true" : "Enable-");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("A disabled feed runs by force", ["FeedRunErrors.Disabled: RunDisabled"], async stage =>
        {
            await stage.FeedAsync("\"enabled\": false");
            stage.Put("in/a.csv", "id\n1\n2\n");
            await stage.FollowAsync(await stage.RunFailsAsync("FeedDisabled"), "-force");
            stage.Holds("orders", "1", "2");
        }),
    ];

    private static async Task ChangedAsync(Stage stage, string action, params string[] expected)
    {
        await stage.FeedAsync();
        stage.Put("in/a.csv", "id\n1\n");
        await stage.LoadAsync();
        stage.Put("in/a.csv", "id\n1\n2\n");
        stage.Put("in/b.csv", "id\n3\n");
        var refused = await stage.RunFailsAsync("ChangedObjectUndecided");
        stage.Holds("orders", "1");
        await stage.FollowAsync(refused, action);
        await stage.LoadAsync();
        stage.Holds("orders", expected);
        await stage.LoadAsync();
        stage.Holds("orders", expected);
    }
}
