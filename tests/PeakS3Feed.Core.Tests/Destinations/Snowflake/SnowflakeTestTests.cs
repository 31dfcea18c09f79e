using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Secrets;
using PeakS3Feed.TestServers.SnowflakeApi;
using PeakS3Feed.Tests.Connections.Policies;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>The test of a Snowflake destination: what it finds in Snowflake's answers.</summary>
public sealed class SnowflakeTestTests : IDisposable
{
    private const string CompatibleHost = "minio.example.org:9000";

    private static readonly S3Connection Compatible = TestPolicy.Draft with { EndpointUrl = $"https://{CompatibleHost}", ForcePathStyle = true };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string?, string, string> Places => new()
    {
        { null, "eu-west-1", "s3://acme-data/incoming/stage/" },
        { null, "us-gov-west-1", "s3gov://acme-data/incoming/stage/" },
        { null, "cn-north-1", "s3china://acme-data/incoming/stage/" },
        { $"https://{CompatibleHost}", "eu-west-1", "s3compat://acme-data/incoming/stage/" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_stage_as_the_set_up_creates_it_passes_and_another_one_gets_the_same_url(string? endpoint, string region, string url)
    {
        var connection = TestPolicy.Draft with { EndpointUrl = endpoint, Region = region };
        foreach (var given in new[] { url, url.TrimEnd('/') })
        {
            var check = await RunAsync("Stage", connection, given);
            Assert.True(check.Passed, check.Detail);
        }
        foreach (var other in new[] { url + "x/", url.Replace("data", "date", StringComparison.Ordinal), url.Split(':')[0] + "://acme-data/" })
        {
            var check = await RunAsync("Stage", connection, other);
            Assert.False(check.Passed, other);
            Assert.EndsWith($"has the URL {other}, but the files are staged at {url}.", check.Detail, StringComparison.Ordinal);
            Assert.Contains($"SET URL = '{url}';", check.Hint, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData($"s3compat://{CompatibleHost}/acme-data/incoming/stage/", true)]
    [InlineData("s3://acme-data/incoming/stage", true)]
    [InlineData("s3compat://other.example.org/acme-data/incoming/stage/", false)]
    [InlineData($"s3://{CompatibleHost}/acme-data/incoming/stage/", false)]
    [InlineData("azure://acme-data/incoming/stage/", false)]
    [InlineData("acme-data/incoming/stage/", false)]
    public async Task A_url_counts_without_its_scheme_and_its_endpoint(string url, bool passes)
        => Assert.Equal(passes, (await RunAsync("Stage", Compatible, url)).Passed);

    [Theory]
    [InlineData("STARTED", true)]
    [InlineData("RESUMING", true)]
    [InlineData("RESIZING", true)]
    [InlineData("SUSPENDED", false)]
    [InlineData("SUSPENDING", false)]
    public async Task A_warehouse_that_does_not_resume_by_itself_fails_while_it_is_suspended(string state, bool passes)
    {
        var check = await RunAsync("Warehouse", TestPolicy.Draft, "s3://acme-data/incoming/stage/", state);
        Assert.Equal(passes, check.Passed);
        Assert.Equal(!passes, check.Detail.Contains("does not resume by itself", StringComparison.Ordinal));
        Assert.Contains(state.ToLowerInvariant(), check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_is_rolled_back_names_the_parameter_of_the_user()
    {
        var check = await RunAsync("Copy", TestPolicy.Draft, "s3://acme-data/incoming/stage/", rows: "0");
        Assert.Equal("COPY loaded 0 rows instead of 1.", check.Detail);
        Assert.Contains("AUTOCOMMIT must be TRUE", check.Hint, StringComparison.Ordinal);
    }

    private async Task<DestinationCheck> RunAsync(
        string step, S3Connection connection, string url, string state = "STARTED", string rows = "1")
    {
        await using var api = await FakeSqlApi.StartAsync();
        api.Logins.AddOAuthToken("LOADER", "token");
        foreach (var statement in Answers(url, state, rows))
            api.Next.Enqueue(statement);
        var definition = SqlApiHarness.Plain with { EndpointUrl = api.Url, StagingPrefix = "stage/" };
        await using var warehouse = SnowflakeWarehouse.Open(
            definition, connection, new SecretResolver(_ => "token"), new FolderStagingArea(_folder.Path), NullLoggerFactory.Instance,
            TimeProvider.System);
        return Assert.Single(await warehouse.TestAsync(default).ToListAsync(), c => c.Step == step);
    }

    // In the order in which the test sends its statements.
    private static IEnumerable<FakeSqlStatement> Answers(string url, string state, string rows)
    {
        yield return new()
        {
            Columns = ["version", "user", "role", "warehouse", "database", "schema"], Rows = [["9", "LOADER", "loader", "LOAD_WH", "A", "P"]],
        };
        yield return new()
        {
            Columns = ["name", "state", "type", "size", "auto_suspend", "auto_resume"],
            Rows = [["LOAD_WH", state, "STANDARD", "X-Small", "60", "false"]],
        };
        yield return new();
        yield return new()
        {
            Columns = ["parent_property", "property", "property_type", "property_value", "property_default"],
            Rows = [["STAGE_LOCATION", "URL", "String", $"[\"{url}\"]", ""]],
        };
        yield return new() { Columns = ["name"], Rows = [] };
        yield return new();
        yield return new() { Columns = ["count"], Rows = [[rows]] };
    }
}
