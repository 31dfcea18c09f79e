using System.Text;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>What files suggest that are of another encoding than the feed's.</summary>
internal static class EncodingScenarios
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("All files are UTF-16", ["FormatErrors.EncodingNotUtf8: FeedSetting Encoding Utf16"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", [0xff, 0xfe, .. Encoding.Unicode.GetBytes("id,name\n1,€\n")]);
            await LoadsAsync(stage, "EncodingNotUtf8", "1/€");
        }),
        new("A header is Windows-1252", ["FormatErrors.CsvHeaderNotText: FeedSetting Encoding Windows1252"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", Windows1252.GetBytes("id,name,größe\n1,Bär €,2\n"));
            await LoadsAsync(stage, "CsvHeaderInvalid", "1/Bär €");
        }),
        new("Rows are Windows-1252", ["FeedRunErrors.EncodingRemedies: SetFeed Encoding Windows1252"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", Windows1252.GetBytes("id,name\n1,Bär €\n"));
            await LoadsAsync(stage, "FailedRowThresholdExceeded", "1/Bär €");
        }),
        new("The feed's encoding is another one", ["FormatErrors.EncodingDiffers: FeedSetting Encoding"], async stage =>
        {
            await stage.FeedAsync("\"encoding\": \"Utf16\"");
            stage.Put("in/a.csv", "id,name\n1,Bär €\n");
            await LoadsAsync(stage, "EncodingDiffers", "1/Bär €");
        }),
        new("A file has another encoding, and is left out", ["FormatErrors.EncodingDiffers: SkipBadFiles"], async stage =>
        {
            await stage.FeedAsync("\"encoding\": \"Latin1\"");
            stage.Put("in/a.csv", Encoding.Latin1.GetBytes("id,name\n1,Bär\n"));
            await stage.LoadAsync();
            stage.Put("in/b.csv", "\uFEFFid,name\n2,Bär\n");
            await stage.FollowAsync(await stage.RunFailsAsync("EncodingDiffers"), "OnBadFile");
            await stage.LoadAsync();
            stage.Holds("(SELECT id || '/' || name AS id FROM orders)", "1/Bär");
        }),
    ];

    private static async Task LoadsAsync(Stage stage, string error, string row)
    {
        await stage.FollowAsync(await stage.RunFailsAsync(error), "Encoding");
        await stage.LoadAsync();
        stage.Holds("(SELECT id || '/' || name AS id FROM orders)", row);
    }
}
