using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PeakS3Feed.Engine;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Integration.Worker.Serve;

/// <summary>A worker that serves a store with the feed "orders" and its webhook.</summary>
internal sealed class ServeHarness : IAsyncDisposable
{
    private readonly WorkerProcess _process;
    private bool _ownsStore = true;

    private ServeHarness(WorkerStore store, WorkerProcess process, Uri address, string secret)
    {
        (Store, _process, Secret) = (store, process, secret);
        Engine = new FeedEngine(StorePaths.Resolve(store.Store));
        Client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" } }) { BaseAddress = address };
    }

    public WorkerStore Store { get; }

    public FeedEngine Engine { get; }

    public HttpClient Client { get; }

    public WorkerProcess Process => _process;

    public string Secret { get; }

    /// <param name="arguments">More arguments of <c>serve</c>.</param>
    /// <param name="url">Where it listens.</param>
    /// <param name="signingKey">The reference to the webhook's signing key.</param>
    /// <param name="environment">Variables of the worker.</param>
    public static async Task<ServeHarness> StartAsync(
        IEnumerable<string>? arguments = null, string url = "http://127.0.0.1:0", string? signingKey = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var store = await WorkerStore.WithFeedAsync();
        var (secret, hash) = WebhookSecret.Create();
        var engine = new FeedEngine(StorePaths.Resolve(store.Store));
        await engine.Definitions.AddAsync(new S3FeedTrigger { Name = "hook", FeedName = "orders", Kind = TriggerKind.Webhook, SecretHash = hash, SigningKey = signingKey });
        return await StartAsync(store, secret, arguments, url, environment);
    }

    /// <summary>Another worker on the same store.</summary>
    public async Task<ServeHarness> AgainAsync(IReadOnlyDictionary<string, string?>? environment = null)
    {
        var again = await StartAsync(Store, Secret, null, "http://127.0.0.1:0", environment);
        again._ownsStore = false;
        return again;
    }

    public async Task<HttpResponseMessage> PostAsync(string? body = null, string? secret = null, Action<HttpRequestMessage>? change = null)
    {
        var hook = await Engine.Definitions.FindTriggerAsync("hook");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/{hook.WebhookId}");
        request.Headers.Add("X-PeakS3Feed-Secret", secret ?? Secret);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        change?.Invoke(request);
        return await Client.SendAsync(request);
    }

    /// <summary>The run that a request was promised.</summary>
    public async Task<Guid> AcceptedAsync(string? body = null, Action<HttpRequestMessage>? change = null)
    {
        using var response = await PostAsync(body, change: change);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("runId").GetGuid();
    }

    /// <summary>The run, once it has ended.</summary>
    public async Task<S3FeedRun> EndedAsync(Guid run)
    {
        using var limit = new CancellationTokenSource(TestLimits.Hang);
        while (true)
        {
            if (await Engine.History.FindAsync(run, limit.Token) is { EndedAt: not null } ended)
                return ended;
            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>Waits until nothing is queued or started any more.</summary>
    public async Task<List<S3FeedFire>> FiresAsync(Predicate<List<S3FeedFire>>? until = null)
    {
        using var limit = new CancellationTokenSource(TestLimits.Hang);
        while (true)
        {
            var fires = await Engine.Fires.ListAsync(null, limit.Token).ToListAsync(limit.Token);
            if (until?.Invoke(fires) ?? fires.TrueForAll(f => f.State is not (FireState.Queued or FireState.Started)))
                return fires;
            await Task.Delay(20, limit.Token);
        }
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Dispose();
        if (_ownsStore)
            Store.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<ServeHarness> StartAsync(
        WorkerStore store, string secret, IEnumerable<string>? arguments, string url, IReadOnlyDictionary<string, string?>? environment)
    {
        var process = WorkerProcess.Start(store.Store, ["serve", "--urls", url, .. arguments ?? []], environment: environment);
        var address = await process.SaysAfterAsync(" at ");
        return new(store, process, new Uri(address.Replace("[::]", "127.0.0.1", StringComparison.Ordinal)), secret);
    }
}
