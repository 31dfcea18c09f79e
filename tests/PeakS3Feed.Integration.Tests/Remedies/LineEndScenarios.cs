namespace PeakS3Feed.Integration.Remedies;

/// <summary>What files suggest that have several kinds of line ends.</summary>
internal static class LineEndScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("Lines end in CR LF and in LF, and LF is text from now on", ["CsvWarnings.MixedLineEnds: FeedSetting LineEnd CrLf csv.lineEnd"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id,note\r\n1,x\r\n2,y\n");
            await stage.FollowAsync(await stage.RunAsync(), "CrLf");
            stage.Put("in/b.csv", "id,note\r\n3,p\nq\r\n");
            await stage.LoadAsync();
            stage.Holds("(SELECT id || '/' || note AS id FROM orders)", "1/x", "2/y", "3/p\nq");
        }),
        new("A feed from before meets an LF that ends a row", ["CsvWarnings.LineFeedInValue: FeedSetting LineEnd Auto csv.lineEnd"], async stage =>
        {
            await BeforeAsync(stage, "Auto");
            stage.Put("in/b.csv", "id,note\r\n3,p\n4,q\r\n");
            await stage.LoadAsync();
            stage.Holds("(SELECT id || '/' || note AS id FROM orders)", "1/x\ny", "2/z", "3/p", "4/q");
        }),
        new("A feed from before meets an LF that is text", ["CsvWarnings.LineFeedInValue: FeedSetting LineEnd CrLf csv.lineEnd"], async stage =>
        {
            await BeforeAsync(stage, "CrLf");
            stage.Put("in/b.csv", "id,note\r\n3,p\nq\r\n");
            await stage.LoadAsync();
            stage.Holds("(SELECT id || '/' || note AS id FROM orders)", "1/x\ny", "2/z", "3/p\nq");
        }),
        new("A lone CR is text, and the feed says so", ["CsvWarnings.LineBreakInValue: FeedSetting LineEnd csv.lineEnd"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id,note\r\n1,x\ry\r\n");
            await stage.FollowAsync(await stage.RunAsync(), "LineEnd");
            stage.Put("in/b.csv", "id,note\r\n2,p\rq\r\n");
            Assert.Empty((await stage.RunAsync()).Commands);
            stage.Holds("(SELECT id || '/' || note AS id FROM orders)", "1/x\ry", "2/p\rq");
        }),
        new("No row ends as the feed says", ["CsvWarnings.LineEndNotFound: FeedSetting LineEnd Auto csv.lineEnd"], async stage =>
        {
            await stage.FeedAsync("\"csv\": { \"lineEnd\": \"Cr\" }, \"failedRowThreshold\": \"100%\"");
            stage.Put("in/a.csv", "id,note\n1,x\n2,y\n");
            var changed = await stage.FollowAsync(await stage.RunAsync(), "LineEnd");
            if (changed.Commands.Count > 0)
                await stage.FollowAsync(changed, "reset", confirms: true);
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
    ];

    private static async Task BeforeAsync(Stage stage, string rule)
    {
        await stage.FeedAsync("\"csv\": { \"lineEnd\": \"First\" }");
        stage.Put("in/a.csv", "id,note\r\n1,x\ny\r\n2,z\r\n");
        await stage.FollowAsync(await stage.RunAsync(), rule);
    }
}
