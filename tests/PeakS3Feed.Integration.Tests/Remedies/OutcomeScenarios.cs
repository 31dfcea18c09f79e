using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>What runs suggest that left rows out, and what watchers say of runs.</summary>
internal static class OutcomeScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("Too many rows fail", ["FeedRunErrors.TooManyRejects: Rejects"], async stage =>
        {
            await BadRowAsync(stage);
            var shown = await stage.FollowAsync(await stage.RunFailsAsync("FailedRowThresholdExceeded"), stage.Rejects);
            Assert.Contains("many", shown.Text, StringComparison.Ordinal);
            stage.Holds("orders", "1", "2");
            stage.Put("in/b.csv", "id,amount\n3,4\n4,5\n");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2", "3", "4");
        }),
        new("Few rows of many fail", ["FeedRunErrors.TooManyRejects: SetFeed FailedRowThreshold"], async stage =>
        {
            await BadRowAsync(stage);
            var ids = Enumerable.Range(10, 300).Select(i => $"{i}").ToList();
            stage.Put("in/b.csv", $"id,amount\n3,many\n{string.Concat(ids.Select(i => $"{i},1\n"))}");
            await stage.FollowAsync(await stage.RunFailsAsync("FailedRowThresholdExceeded"), "FailedRowThreshold");
            await stage.LoadAsync();
            stage.Holds("orders", ["1", "2", .. ids]);
        }),
        new("All rows of a replacement fail", ["CommitErrors.OnlyRejects: Rejects"], async stage =>
        {
            await stage.FeedAsync("\"loadType\": \"TruncateInsert\", \"failedRowThreshold\": \"100%\"");
            stage.Put("in/a.csv", "id,amount\n1,2\n");
            await stage.LoadAsync();
            stage.Put("in/a.csv", "id,amount\n3,many\n");
            var shown = await stage.FollowAsync(await stage.RunFailsAsync("WouldEmptyTable"), stage.Rejects);
            Assert.Contains("many", shown.Text, StringComparison.Ordinal);
            stage.Holds("orders", "1");
            stage.Put("in/a.csv", "id,amount\n3,4\n");
            await stage.LoadAsync();
            stage.Holds("orders", "3");
        }),
        new("A run left out a file, and rejected no row", ["GetS3FeedRejectCommand.EmitAsync: ShowWarnings"], async stage =>
        {
            await stage.FeedAsync("\"onBadFile\": \"Skip\"");
            stage.Put("in/a.csv", "id\n1\n");
            stage.Put("in/b.csv", "id\n\"2\n");
            await stage.LoadAsync();
            var shown = await stage.FollowAsync(await stage.DoAsync("", "Get-S3FeedRun -Last 1 | Get-S3FeedReject"), "Warnings");
            Assert.Contains("b.csv", shown.Text, StringComparison.Ordinal);
        }) { Only = Language.PowerShell },
        new("Rows fail that may, said by the worker", ["RunPrinter.PrintErrors: Rejects"], AllowedAsync) { Only = Language.Shell },
        new("Rows fail that may, said by the module", ["InvokeS3FeedCommand.WarnOf: RejectsOfRun"], AllowedAsync) { Only = Language.PowerShell },
        new("A watcher says that rows failed", ["DeliveryFactory.ForRun: RejectsOfRun"], async stage =>
        {
            var shown = await stage.FollowAsync(await WatchedAsync(stage, "id,amount\n3,many\n4,5\n", "\"events\": [\"Rejects\"]"), stage.Rejects);
            Assert.Contains("many", shown.Text, StringComparison.Ordinal);
        }),
        new("A watcher says that a run failed", ["DeliveryFactory.ForRun: ShowRun"], async stage =>
        {
            var shown = await stage.FollowAsync(await WatchedAsync(stage, "id,amount\n\"3,4\n", "\"events\": [\"RunFailed\"]"), stage.Language == Language.Shell ? "runs" : "Get-S3FeedRun");
            Assert.Contains("orders", shown.Text, StringComparison.Ordinal);
        }),
    ];

    private static async Task BadRowAsync(Stage stage, string more = "")
    {
        await stage.FeedAsync(more);
        stage.Put("in/a.csv", "id,amount\n1,2\n2,3\n");
        await stage.LoadAsync();
        stage.Put("in/b.csv", "id,amount\n3,many\n4,5\n");
    }

    private static async Task AllowedAsync(Stage stage)
    {
        await BadRowAsync(stage, "\"failedRowThreshold\": \"1\"");
        var shown = await stage.FollowAsync(await stage.RunAsync(), stage.Rejects);
        Assert.Contains("many", shown.Text, StringComparison.Ordinal);
        stage.Holds("orders", "1", "2", "4");
    }

    // A run of a second file, and what a watcher's receiver gets of it. The commands of a message name the store, for nobody knows where it is read.
    private static async Task<Answer> WatchedAsync(Stage stage, string file, string watcher)
    {
        await stage.FeedAsync("\"failedRowThreshold\": \"1\"");
        stage.Put("in/a.csv", "id,amount\n1,2\n2,3\n");
        await stage.LoadAsync();
        stage.Put("in/b.csv", file);
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var url = $"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        probe.Stop();
        using var receiver = new HttpListener();
        receiver.Prefixes.Add(url);
        receiver.Start();
        await stage.ImportDocumentAsync($$"""{ "watchers": [ { "name": "hook", "feedName": "orders", "kind": "Webhook", "url": "{{url}}", {{watcher}} } ] }""");
        var received = ReceiveAsync(receiver);
        await stage.TryAsync("peaks3feed run orders", "Invoke-S3Feed -Name orders");
        using var message = await received.WaitAsync(TestLimits.Hang);
        var member = stage.Language == Language.Shell ? "shell" : "powerShell";
        var text = message.RootElement.ToString();
        return new(false, [], text, [.. message.RootElement.GetProperty("commands").EnumerateArray().Select(c => c.GetProperty(member).GetString()!)]);
    }

    // Answers at once, for the run waits for that.
    private static async Task<JsonDocument> ReceiveAsync(HttpListener receiver)
    {
        var request = await receiver.GetContextAsync();
        var message = await JsonDocument.ParseAsync(request.Request.InputStream);
        request.Response.Close();
        return message;
    }
}
