using System.Collections.Concurrent;
using PeakS3Feed.Aws;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Secrets;
using PeakS3Feed.TestServers.SnowflakeApi;
using PeakS3Feed.Tests.Sources;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>A fake SQL API, and channels to it that retry soon. Secrets contain "hush", and no log may.</summary>
internal sealed class SqlApiHarness : IAsyncDisposable
{
    public const string Token = "hushhush";

    private readonly ListLogger _logger = new();

    private SqlApiHarness(FakeSqlApi api, SnowflakeDestination definition, TimeProvider time, RetryBudget budget)
    {
        Api = api;
        api.Logins.AddOAuthToken("LOADER", Token);
        Secrets["TOKEN"] = Token;
        Definition = definition with { EndpointUrl = api.Url };
        Channels = new(Definition, new SecretResolver(name => Secrets.GetValueOrDefault(name)), _logger, time, budget);
    }

    public static SnowflakeDestination Plain { get; } = new()
    {
        Name = "snow", Account = "MYORG.MY_ACCOUNT", Database = "analytics", StagingConnection = "staging", OAuthToken = "env:TOKEN",
        Warehouse = "load_wh", Role = "\"loader\"",
    };

    public FakeSqlApi Api { get; }

    public SnowflakeDestination Definition { get; }

    public SnowflakeChannels Channels { get; }

    /// <summary>The environment's variables.</summary>
    public ConcurrentDictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Log => _logger.Lines;

    public static async Task<SqlApiHarness> StartAsync(
        SnowflakeDestination? definition = null, TimeProvider? time = null, RetryBudget? budget = null)
        => new(await FakeSqlApi.StartAsync(time), definition ?? Plain, time ?? TimeProvider.System, budget ?? S3Harness.Quick);

    public SnowflakeChannel Open(string lockName = "lock") => Channels.Open(lockName, "orders");

    public List<SqlApiCall> Calls(string operation) => [.. Api.Calls.Where(c => c.Operation == operation)];

    /// <summary>Waits until an operation was requested.</summary>
    public Task RequestedAsync(string operation, int times = 1)
        => Testing.TestLimits.UntilAsync(() => Calls(operation).Count >= times, $"{operation} number {times}");

    public async ValueTask DisposeAsync()
    {
        Channels.Dispose();
        await Api.DisposeAsync();
        Assert.DoesNotContain(_logger.Lines, l => l.Contains("hush", StringComparison.Ordinal));
    }
}
