using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Integration.Worker.Serve;

[Trait(Category.Name, Category.Kill)]
public sealed class ServeTests
{
    private static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task It_says_how_it_is()
    {
        await using var h = await ServeHarness.StartAsync();
        var health = await h.Client.GetFromJsonAsync<JsonElement>("/health");
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        await File.WriteAllTextAsync(Path.Combine(h.Store.Store, "definitions.json"), "{");
        using var ill = await h.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ill.StatusCode);
        Assert.Contains("StoreUnreadable", await ill.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trigger_that_is_made_while_it_serves_fires_without_a_restart()
    {
        await using var h = await ServeHarness.StartAsync();
        h.Store.Put("in/a.csv", "id\n1\n");
        await h.Engine.Definitions.AddAsync(new S3FeedTrigger { Name = "often", FeedName = "orders", Kind = TriggerKind.Every, Every = TenSeconds });
        var fires = await h.FiresAsync(f => f.Exists(x => x.State == FireState.Ended));
        Assert.Equal((true, "often"), (fires[^1].Scheduled, fires[^1].TriggerName));
        Assert.Equal(RunStatus.Succeeded, (await h.EndedAsync(fires[^1].RunId!.Value)).Status);
        await h.Process.SaysAsync("of feed orders: succeeded, 1 row of 1 object, 0 rejects");
    }

    [SkippableFact]
    public async Task Stopped_it_lets_a_run_come_to_its_end()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        await using var bucket = await HeldBucket.StartAsync();
        await using var h = await ServeHarness.StartAsync(environment: HeldBucket.Environment);
        await bucket.ConnectAsync(h.Engine);
        var run = await h.AcceptedAsync();
        await bucket.ReachedAsync();
        await h.Process.SignalAsync("TERM");
        bucket.Release();
        (await h.Process.EndAsync()).Exits(0);
        Assert.Equal(RunStatus.Succeeded, (await h.EndedAsync(run)).Status);
        Assert.Equal(bucket.Rows, h.Store.Number("SELECT count(*) FROM orders"));
    }

    [SkippableFact]
    public async Task Past_the_limit_a_run_is_stopped_and_the_next_worker_makes_it_again()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        await using var bucket = await HeldBucket.StartAsync();
        await using var h = await ServeHarness.StartAsync(["--stop-limit", "00:00:00"], environment: HeldBucket.Environment);
        await bucket.ConnectAsync(h.Engine);
        var run = await h.AcceptedAsync();
        await bucket.ReachedAsync();
        await h.Process.SignalAsync("TERM");
        (await h.Process.EndAsync()).Exits(0);
        Assert.Equal(RunStatus.Canceled, (await h.EndedAsync(run)).Status);
        Assert.Equal(FireState.Queued, Assert.Single(await h.Engine.Fires.ListAsync(null).ToListAsync()).State);
        await AgainAsync(h, bucket, attempts: 1); // a stop is no attempt that failed
    }

    [Fact]
    public async Task Killed_in_mid_run_the_run_is_made_again_by_the_next_worker()
    {
        await using var bucket = await HeldBucket.StartAsync();
        await using var h = await ServeHarness.StartAsync(environment: HeldBucket.Environment);
        await bucket.ConnectAsync(h.Engine);
        var run = await h.AcceptedAsync();
        await bucket.ReachedAsync();
        await h.Process.KillAsync();
        await AgainAsync(h, bucket);
        Assert.Equal("ProcessEnded", (await h.EndedAsync(run)).ErrorId);
    }

    [Theory]
    [InlineData(MisfireAction.RunOnce)]
    [InlineData(MisfireAction.Skip)]
    public async Task Killed_while_a_schedule_fires_the_misfire_policy_holds(MisfireAction misfire)
    {
        await using var bucket = await HeldBucket.StartAsync();
        await using var h = await ServeHarness.StartAsync(environment: HeldBucket.Environment);
        await bucket.ConnectAsync(h.Engine);
        await h.Engine.Definitions.AddAsync(new S3FeedTrigger { Name = "often", FeedName = "orders", Kind = TriggerKind.Every, Every = TenSeconds, Misfire = misfire });
        await bucket.ReachedAsync();
        await h.Process.KillAsync();
        bucket.Release();
        // As if the machine had been off for an hour: what was decided, and what was due, is an hour older.
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(h.Store.Store, "state.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = """
                UPDATE fires SET due_at=strftime('%Y-%m-%dT%H:%M:%S', due_at, '-1 hour') || '.0000000Z';
                UPDATE trigger_clocks SET decided_until=strftime('%Y-%m-%dT%H:%M:%S', decided_until, '-1 hour') || '.0000000Z';
                """;
            await command.ExecuteNonQueryAsync();
        }
        await h.Engine.Store.UpdateAsync(d => d with { Triggers = [.. d.Triggers.Select(t => t.Name == "often" ? t with { Since = t.Since - TimeSpan.FromHours(1) } : t)] });

        await using var again = await h.AgainAsync(HeldBucket.Environment);
        var fires = await again.FiresAsync(f => f.Exists(x => x.State == FireState.Ended && x.DecidedAt > x.DueAt) || f.Count(x => x.State == FireState.Missed) > 1);
        var first = fires.MinBy(f => f.DueAt)!;
        if (misfire == MisfireAction.RunOnce)
            Assert.Equal((FireState.Ended, 2), (first.State, first.Attempts));
        else
            Assert.Equal(FireState.Missed, first.State);
    }

    [Theory]
    [InlineData("TLS (https:// and --certificate) and a token (--token)", "--urls", "http://0.0.0.0:0")]
    [InlineData("https needs a certificate", "--urls", "https://127.0.0.1:0")]
    [InlineData("\"ftp://localhost\" is not an address", "--urls", "ftp://localhost")]
    [InlineData("not the secret itself", "--token", "hunter2")]
    public async Task What_would_be_open_to_others_is_refused(string says, params string[] arguments)
    {
        using var store = await WorkerStore.WithFeedAsync();
        var result = (await store.RunAsync(["serve", .. arguments])).Exits(2);
        Assert.Contains(says, result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hunter2", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_without_feeds_is_served_with_a_warning()
    {
        using var store = new WorkerStore();
        using var worker = store.Start("serve", "--urls", "http://127.0.0.1:0");
        await worker.SaysAsync($"warning: There are no feeds in {store.Store} yet; --store names another folder.");
        await worker.SaysAfterAsync(" at ");
    }

    [Fact]
    public async Task Where_it_cannot_listen_it_says_why()
    {
        await using var h = await ServeHarness.StartAsync();
        var taken = h.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var inUse = (await h.Store.RunAsync("serve", "--urls", taken)).Exits(3).Error;
        Assert.StartsWith($"error: The worker cannot listen at {taken}: another program already listens there.\n", inUse, StringComparison.Ordinal);
        Assert.Contains("--urls", inUse, StringComparison.Ordinal);

        // An address of documentations, which no machine has.
        var (file, key) = WriteCertificate(h.Store.Root, pem: true);
        var elsewhere = await WorkerProcess.RunAsync(
            h.Store.Store, ["serve", "--urls", "https://192.0.2.1:0", "--certificate", file, "--certificate-key", key, "--token", "env:PEAK_TOKEN"],
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["PEAK_TOKEN"] = "a token of more than twenty" });
        Assert.StartsWith("error: The worker cannot listen at https://192.0.2.1:0: it is not an address of this machine.\n", elsewhere.Exits(1).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_serves_with_TLS(bool pem)
    {
        using var folder = new WorkerStore();
        var (certificate, key) = WriteCertificate(folder.Root, pem);
        await using var h = await ServeHarness.StartAsync(
            ["--certificate", certificate, .. pem ? ["--certificate-key", key] : (string[])["--certificate-password", "env:PFX"]], "https://127.0.0.1:0",
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["PFX"] = "secret" });
        Assert.Equal("https", h.Client.BaseAddress!.Scheme);
        using var page = await h.Client.GetAsync("/login");
        Assert.False(page.Headers.Contains("Strict-Transport-Security")); // it would hold for whatever else listens under this name
        await h.EndedAsync(await h.AcceptedAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_trusts_the_root_alone_is_sent_what_leads_to_it(bool pem)
    {
        using var folder = new WorkerStore();
        using var chain = new CertificateChain();
        var (file, key) = (Path.Combine(folder.Root, "cert"), Path.Combine(folder.Root, "key"));
        chain.Write(file, pem ? key : null);
        await using var h = await ServeHarness.StartAsync(["--certificate", file, .. pem ? ["--certificate-key", key] : Array.Empty<string>()], "https://127.0.0.1:0");
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = chain.TrustInRoot() } }) { BaseAddress = h.Client.BaseAddress };
        Assert.Contains("healthy", await client.GetStringAsync("/health"), StringComparison.Ordinal);
    }

    private static async Task AgainAsync(ServeHarness h, HeldBucket bucket, int attempts = 2)
    {
        bucket.Release();
        await using var again = await h.AgainAsync(HeldBucket.Environment);
        var fire = Assert.Single(await again.FiresAsync());
        Assert.Equal((FireState.Ended, attempts), (fire.State, fire.Attempts));
        Assert.Equal(RunStatus.Succeeded, (await again.EndedAsync(fire.RunId!.Value)).Status);
        Assert.Equal([bucket.Rows, bucket.Rows], h.Store.Query("SELECT count(*), count(DISTINCT id) FROM orders")[0]);
    }

    private static (string Certificate, string Key) WriteCertificate(string folder, bool pem)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (file, keyFile) = (Path.Combine(folder, "cert"), Path.Combine(folder, "key"));
        if (pem)
        {
            File.WriteAllText(file, certificate.ExportCertificatePem());
            File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        }
        else
        {
            File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, "secret"));
        }
        return (file, keyFile);
    }
}
