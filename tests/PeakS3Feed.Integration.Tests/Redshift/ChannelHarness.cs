using Amazon.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PeakS3Feed.Aws;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Integration.S3;

namespace PeakS3Feed.Integration.Redshift;

/// <summary>The two ways to a warehouse.</summary>
public enum WayIn
{
    /// <summary>PostgreSQL's wire protocol.</summary>
    Wire,

    /// <summary>The Data API over HTTPS.</summary>
    DataApi,
}

/// <summary>A stand-in for Redshift, and channels to it on one of the two ways.</summary>
internal sealed class ChannelHarness : IAsyncDisposable
{
    public const string LockName = "peaks3feed_lock_1";

    private ChannelHarness(StagedLoad load, WayIn way, int retries)
    {
        Load = load;
        Login = new NpgsqlConnectionStringBuilder(load.Server.ConnectionString);
        Definition = Describe(way);
        Channels = Open(Definition, Login.Password, retries);
    }

    public StagedLoad Load { get; }

    public NpgsqlConnectionStringBuilder Login { get; }

    public RedshiftDestination Definition { get; }

    public RedshiftChannels Channels { get; }

    /// <summary>A table of this test.</summary>
    public string Table => Load.Schema + ".t";

    /// <summary>Starts a stand-in.</summary>
    /// <param name="way">The way of the channels.</param>
    /// <param name="retries">How often a call of the Data API is repeated.</param>
    public static async Task<ChannelHarness> StartAsync(WayIn way, int retries = 0) => new(await StagedLoad.OpenAsync(), way, retries);

    public Task<IRedshiftChannel> OpenAsync() => Channels.OpenAsync(LockName, default);

    /// <summary>Creates the table with an id, and a channel.</summary>
    public async Task<IRedshiftChannel> OpenWithTableAsync()
    {
        await Load.ExecuteAsync($"CREATE TABLE {Table} (id BIGINT, name VARCHAR(5))");
        return await OpenAsync();
    }

    /// <summary>The ids in the table, as another session sees them.</summary>
    public async Task<string> IdsAsync()
    {
        await using var connection = await Load.ConnectAsync();
        return string.Join(',', await StagedLoad.RowsAsync(connection, $"SELECT id FROM {Table} ORDER BY id"));
    }

    public RedshiftDestination Describe(WayIn way) => way == WayIn.Wire
        ? new()
        {
            Name = "dw", Host = Login.Host, Port = Login.Port, Database = Login.Database!, Username = Login.Username, SslMode = "Disable",
            Schema = Load.Schema, StagingConnection = "stage", IamRole = StagedLoad.Role,
        }
        : new()
        {
            Name = "dw", WorkgroupName = "wg", Database = Login.Database!, Region = "eu-central-1", EndpointUrl = Load.Server.DataApiUrl,
            Schema = Load.Schema, StagingConnection = "stage", IamRole = StagedLoad.Role,
        };

    public static RedshiftChannels Open(RedshiftDestination definition, string? password, int retries = 0)
    {
        var budget = new RetryBudget(new(retries, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)), TimeSpan.FromSeconds(60));
        var key = new StaticCredentials(new ImmutableCredentials(CephS3.Customer.Id, CephS3.Customer.Secret, null));
        return new(definition, password, NullLoggerFactory.Instance, TimeProvider.System, budget, key);
    }

    public async ValueTask DisposeAsync()
    {
        await Channels.DisposeAsync();
        await Load.DisposeAsync();
    }
}
