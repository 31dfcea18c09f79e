using Amazon.Runtime;
using PeakS3Feed.Aws;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.TestServers.RedshiftApi;
using PeakS3Feed.Tests.Sources;

namespace PeakS3Feed.Tests.Destinations.Redshift;

/// <summary>A fake server of the Redshift services, and clients on it that retry soon.</summary>
internal sealed class ApiHarness : IAsyncDisposable
{
    public const string Secret = "hushhush";

    private readonly ListLogger _logger = new();
    private readonly TimeProvider _time;

    private ApiHarness(FakeRedshiftApi api, TimeProvider time, ICredentialSource? credentials)
    {
        _time = time;
        Api = api;
        api.Time = time;
        api.Keys["AKIAFAKE"] = (Secret, null);
        Services = new(
            "eu-west-1", null, api.Url, new RedshiftCredentialErrors("dw"), _logger, time, S3Harness.Quick,
            credentials ?? new StaticCredentials(new ImmutableCredentials("AKIAFAKE", Secret, null)));
        Data = new(Services.Create("redshift-data"), DataApiTarget.Workgroup("wg", "dev"), "dw");
        Statements = new(Data, time, _logger);
    }

    public FakeRedshiftApi Api { get; }

    public SignedServices Services { get; }

    public DataApiClient Data { get; }

    public DataApiStatements Statements { get; }

    public IReadOnlyCollection<string> Log => _logger.Lines;

    public static async Task<ApiHarness> StartAsync(TimeProvider? time = null, ICredentialSource? credentials = null)
        => new(await FakeRedshiftApi.StartAsync(), time ?? TimeProvider.System, credentials);

    public RedshiftCredentials LogIn(RedshiftLogin login) => new(login, Services, "dw", _logger);

    public DataApiClient For(DataApiTarget target) => new(Services.Create("redshift-data"), target, "dw");

    public List<ApiRequest> Requests(string operation) => [.. Api.Requests.Where(r => r.Operation == operation)];

    /// <summary>Waits until an operation was requested.</summary>
    public Task RequestedAsync(string operation, int times = 1)
        => Testing.TestLimits.UntilAsync(() => Requests(operation).Count >= times, $"{operation} number {times}");

    public async ValueTask DisposeAsync()
    {
        Services.Dispose();
        await Api.DisposeAsync();
        Assert.DoesNotContain(_logger.Lines, l => l.Contains("hush", StringComparison.Ordinal));
    }
}

/// <summary>Sessions that end when they are forgotten; the next one has another key.</summary>
internal sealed class RotatingCredentials : ICredentialSource
{
    private int _number = 1;

    public int Forgotten { get; private set; }

    public ImmutableCredentials Current { get; private set; } = Create(1);

    public ValueTask<ImmutableCredentials?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult<ImmutableCredentials?>(Current);

    public void Forget(ImmutableCredentials credentials)
    {
        Assert.Same(Current, credentials);
        Forgotten++;
        Current = Create(++_number);
    }

    public static ImmutableCredentials Create(int number) => new($"ASIAFAKE{number}", $"hushhush{number}", $"hush//token+{number}==");
}
