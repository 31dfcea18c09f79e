using System.Net;
using System.Text.RegularExpressions;
using PeakS3Feed.Integration.Worker;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.TestServers.Sqs;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>
/// What is suggested for a queue that cannot be read, or that another store reads. In PowerShell the trigger shows it, in a shell the page of the
/// worker.
/// </summary>
internal static partial class QueueScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("The identity may not read a queue", ["QueueErrors.Failed: QueuePolicy"], s => OnQueueAsync(s, "orders", async sqs =>
        {
            sqs.Denied["ReceiveMessage"] = true;
            var made = await s.FollowAsync(await ShowAsync(s), "policy");
            Assert.Contains("sqs:ReceiveMessage", made.Text, StringComparison.Ordinal);
            sqs.Denied.Clear();
            await SolvedAsync(s);
        })),
        new("A queue does not accept the credentials", ["QueueErrors.Failed: TestConnection"], s => OnQueueAsync(s, "orders", async sqs =>
        {
            sqs.Keys.Clear();
            await s.FollowAsync(await ShowAsync(s), s.Language == Language.Shell ? " test lake" : s.Test);
            sqs.Keys["AKIAFAKE"] = "hushhush";
            await SolvedAsync(s);
        })),
        new("A queue does not exist", ["QueueTriggers.Replace: SetQueue"], s => OnQueueAsync(s, "missing", async sqs =>
        {
            await s.FollowAsync(await ShowAsync(s), "queue", "<URL>", sqs.UrlOf("orders"));
            await SolvedAsync(s);
        })),
        new("Another store reads the queue", ["QueueTriggers.Replace: SetQueue"], s => OnQueueAsync(s, "orders", async sqs =>
        {
            sqs.Queue("orders").Tags["peaks3feed-store"] = $"{Guid.NewGuid():D} {DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'}";
            var shown = await ShowAsync(s);
            Assert.Contains("Another store also reads the queue orders", shown.Text, StringComparison.Ordinal);
            sqs.Queue("own");
            await s.FollowAsync(shown, "queue", "<URL>", sqs.UrlOf("own"));
            await SolvedAsync(s);
        })),
        new("A feed finds its objects by events, and has no queue", ["FeedRunErrors.NoQueue: SetFeed Discovery List"], async s =>
        {
            await s.FeedAsync("\"discovery\": \"Events\"");
            s.Put("in/a.csv", "id\n1\n2\n");
            await s.FollowAsync(await s.RunFailsAsync("DiscoveryWithoutQueue"), "discovery");
            await s.LoadAsync();
            s.Holds("orders", "1", "2");
        }),
        new("A feed finds its objects by events, and gets a queue", ["FeedRunErrors.NoQueue: RegisterQueue"], s => OnS3Async(s, "\"discovery\": \"Events\"", "", async sqs =>
        {
            await s.FollowAsync(await s.RunFailsAsync("DiscoveryWithoutQueue"), "Register", "<URL>", sqs.UrlOf("orders"));
            await s.RunAsync();
            s.Holds("orders", "1", "2");
        })) { Only = Language.PowerShell },
    ];

    private static Task OnQueueAsync(Stage stage, string queue, Func<FakeSqs, Task> playAsync) => OnS3Async(stage, "", queue, playAsync);

    // The feed "orders" of the bucket "acme", with a trigger on a queue if one is named. Only the queue "orders" exists.
    private static async Task OnS3Async(Stage stage, string feed, string queue, Func<FakeSqs, Task> playAsync)
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var sqs = await FakeSqs.StartAsync();
        s3.Put("acme", "in/a.csv", "id\n1\n2\n"u8.ToArray());
        sqs.Keys["AKIAFAKE"] = "hushhush";
        sqs.Queue("orders");
        S3Scenarios.UseKeys(stage);
        var trigger = queue.Length == 0 ? "" : $$"""{ "name": "orders_queue", "feedName": "orders", "kind": "Queue", "queue": "{{sqs.UrlOf(queue)}}" }""";
        await stage.ImportDocumentAsync(
            $$"""
            { "connections": [ { "name": "lake", "bucketName": "acme", "region": "eu-west-1", "endpointUrl": "{{s3.Url}}", "stsEndpointUrl": "{{s3.Url}}", "forcePathStyle": true } ],
              "feeds": [ {{Stage.Feed("orders", more: feed)}} ], "triggers": [ {{trigger}} ] }
            """);
        await playAsync(sqs);
    }

    // Reads the queue, and shows the problem of the trigger.
    private static async Task<Answer> ShowAsync(Stage stage)
    {
        if (stage.Language == Language.Shell)
            return await ShowPageAsync(stage, hasProblem: true);
        await stage.TryAsync("", "Invoke-S3FeedTrigger -Name orders_queue");
        return await stage.DoAsync("", "Get-S3FeedTrigger -Name orders_queue | Format-List");
    }

    private static async Task SolvedAsync(Stage stage)
    {
        if (stage.Language == Language.Shell)
        {
            await ShowPageAsync(stage, hasProblem: false);
            return;
        }
        await stage.DoAsync("", "Invoke-S3FeedTrigger -Name orders_queue");
        var shown = await stage.DoAsync("", "Get-S3FeedTrigger -Name orders_queue | Format-List");
        Assert.DoesNotContain("Warnings", shown.Text, StringComparison.Ordinal);
        Assert.Empty(shown.Commands);
    }

    private static async Task<Answer> ShowPageAsync(Stage stage, bool hasProblem)
    {
        using var worker = WorkerProcess.Start(stage.Store, ["serve", "--urls", "http://127.0.0.1:0"], environment: stage.Variables);
        using var client = new HttpClient { BaseAddress = new Uri(await worker.SaysAfterAsync(" at ")) };
        var page = "";
        await TestLimits.UntilAsync(
            async () => Problem().IsMatch(page = await client.GetStringAsync("/")) == hasProblem, $"page with {(hasProblem ? "a" : "no")} problem");
        return new(Succeeded: true, [], WebUtility.HtmlDecode(page), [.. Command().Matches(page).Select(m => WebUtility.HtmlDecode(m.Groups["command"].Value))]);
    }

    [GeneratedRegex("<p class=\"(error|warning)\">", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Problem();

    [GeneratedRegex("<pre>(?<command>[^<]*)</pre>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();
}
