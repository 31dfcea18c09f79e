using System.Globalization;
using System.Text;
using PeakS3Feed.Connections;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers.Sqs;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Integration.Worker.Serve;

/// <summary>A worker that serves a store in which a good deal has happened, and a browser.</summary>
public sealed class PagesInBrowser : IAsyncLifetime
{
    private const int Days = 12;

    private FakeSqs _sqs = null!;

    internal ServeHarness Worker { get; private set; } = null!;

    internal Browser Browser { get; private set; } = null!;

    /// <summary>A run with rejects.</summary>
    internal Guid WithRejects { get; private set; }

    public async Task InitializeAsync()
    {
        if (!Browser.IsInstalled)
            return;
        Browser = await Browser.StartAsync();
        _sqs = await FakeSqs.StartAsync();
        _sqs.Keys["AKIAFAKE"] = "hushhush";
        Worker = await ServeHarness.StartAsync(
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["AWS_ACCESS_KEY_ID"] = "AKIAFAKE", ["AWS_SECRET_ACCESS_KEY"] = "hushhush" });
        await DefineAsync();
        for (var day = 1; day <= Days; day++)
        {
            Put(day);
            foreach (var feed in new[] { "orders", "returns", "customers", "stock_of_all_warehouses_in_the_north" })
            {
                var run = (await Worker.Engine.RunAsync(feed, new(), null, null, default)).Run;
                if (run.RowsRejected > 0 && run.Status == RunStatus.SucceededWithRejects)
                    WithRejects = run.Id;
            }
        }
        await Worker.Engine.Definitions.EditFeedAsync("clicks", f => f with { Enabled = false });
        await TestLimits.UntilAsync(async () => (await Worker.Engine.QueueProblems.ListAsync(default)).Count == 2, "problems of the queues");
    }

    public async Task DisposeAsync()
    {
        if (Worker is not null)
            await Worker.DisposeAsync();
        if (_sqs is not null)
            await _sqs.DisposeAsync();
        if (Browser is not null)
            await Browser.DisposeAsync();
    }

    private async Task DefineAsync()
    {
        var definitions = Worker.Engine.Definitions;
        S3Feed Feed(string name, FileType type) => new() { Name = name, ConnectionName = "lake", Path = name + "/", FileType = type };
        await definitions.AddAsync(Feed("returns", FileType.Ndjson) with { FailedRowThreshold = FailedRowThreshold.FromCount(5) });
        await definitions.AddAsync(Feed("customers", FileType.Csv) with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        await definitions.AddAsync(Feed("stock_of_all_warehouses_in_the_north", FileType.Csv));
        await definitions.AddAsync(Feed("clicks", FileType.Json));
        S3FeedTrigger Trigger(string feed, TriggerKind kind) => new() { Name = $"{feed}_{kind.ToString().ToLowerInvariant()}", FeedName = feed, Kind = kind };
        await definitions.AddAsync(Trigger("orders", TriggerKind.Daily) with { At = new(7, 0), TimeZone = "Europe/Paris" });
        await definitions.AddAsync(Trigger("returns", TriggerKind.Every) with { Every = TimeSpan.FromHours(12) });
        await definitions.AddAsync(Trigger("customers", TriggerKind.Cron) with { Cron = "0 15 10 ? * MON-FRI", TimeZone = "America/New_York" });
        await definitions.AddAsync(Trigger("stock_of_all_warehouses_in_the_north", TriggerKind.Weekly) with { DaysOfWeek = [DayOfWeek.Monday], At = new(12, 0), TimeZone = "Europe/Berlin" });
        await definitions.AddAsync(new S3Connection { Name = "landing", BucketName = "landing", Region = "eu-west-1", EndpointUrl = _sqs.Url });
        await definitions.AddAsync(Feed("landed", FileType.Csv) with { ConnectionName = "landing" });
        var queue = _sqs.Queue("landed");
        queue.Send(S3Messages.Direct("landing", "elsewhere/a.csv"));
        queue.Send("hello");
        await definitions.AddAsync(Trigger("landed", TriggerKind.Queue) with { Queue = _sqs.UrlOf("landed") });
        await definitions.AddAsync(Trigger("landed", TriggerKind.Queue) with { Name = "landed_late", Queue = _sqs.UrlOf("landed-late") });
    }

    private void Put(int day)
    {
        Rows($"in/2026-11-{day:00}.csv", "order_id,customer,zip,amount", day * day % 7 * 9_000, i => $"{(day * 100_000) + i},Customer {i % 997},{i % 99_999:00000},{i % 200}.{i % 100:00}");
        Rows($"returns/2026-11-{day:00}.ndjson", null, 40 + (day * 130), i => $$"""{"id":{{(day * 10_000) + i}},"quantity":{{(day is 4 or 9 && i is 7 or 19 or 23 ? "\"two or three, the label cannot be read\"" : i % 5)}},"reason":"<b>late</b>"}""");
        if (day != 6)
            Rows($"customers/part-{day:0000}.csv", "id,name,country", day == 8 ? 40_000 : 500 * day, i => $"{i},Name {i},{(i % 2 == 0 ? "FR" : "DE")}");
        if (day > 1)
            Rows($"stock_of_all_warehouses_in_the_north/warehouse-{day:00}/a-rather-long-folder-name-without-any-space-in-it/stock.csv", "sku,on_hand", 50, i => $"A-{i},{(day > 9 && i == 3 ? "many" : i)}");
    }

    private void Rows(string key, string? header, int count, Func<int, string> row)
    {
        var text = new StringBuilder();
        if (header is not null)
            text.Append(header).Append('\n');
        for (var i = 0; i < count; i++)
            text.Append(CultureInfo.InvariantCulture, $"{row(i)}\n");
        Worker.Store.Put(key, text.ToString());
    }
}
