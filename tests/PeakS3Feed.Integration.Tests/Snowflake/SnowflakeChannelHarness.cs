using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Aws;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Secrets;
using PeakS3Feed.SnowflakeServer;

namespace PeakS3Feed.Integration.Snowflake;

/// <summary>A stand-in for Snowflake, and channels to it that log in with an encrypted key.</summary>
internal sealed class SnowflakeChannelHarness : IAsyncDisposable
{
    private const string Passphrase = "a passphrase";

    private readonly RSA _key = RSA.Create(2048);

    private SnowflakeChannelHarness(StandInLoad load, int retries)
    {
        Load = load;
        load.Server.Account.Logins.AddKey("LOADER", _key.ExportSubjectPublicKeyInfoPem());
        var pem = _key.ExportEncryptedPkcs8PrivateKeyPem(
            Passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        Definition = new()
        {
            Name = "snow", Account = "PEAKS3FEED.TEST", EndpointUrl = load.Server.Url, Username = "loader", PrivateKey = "env:KEY",
            PrivateKeyPassphrase = "env:PASSPHRASE", Database = StandInLoad.Database, Schema = load.Schema, Warehouse = "peaks3feed_wh",
            StagingConnection = "stage", Stage = "STAGE",
        };
        var budget = new RetryBudget(new(retries, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)), TimeSpan.FromSeconds(60));
        Channels = new(
            Definition, new SecretResolver(name => name == "KEY" ? pem : Passphrase), NullLoggerFactory.Instance, TimeProvider.System, budget);
    }

    public StandInLoad Load { get; }

    public SnowflakeDestination Definition { get; }

    public SnowflakeChannels Channels { get; }

    /// <summary>Starts a stand-in.</summary>
    /// <param name="retries">How often a call is repeated.</param>
    /// <param name="change">Changes the stand-in's options.</param>
    public static async Task<SnowflakeChannelHarness> StartAsync(
        int retries = 0, Func<SnowflakeStandInOptions, SnowflakeStandInOptions>? change = null)
        => new(await StandInLoad.OpenAsync(change), retries);

    public SnowflakeChannel Open(string lockName = "PEAKS3FEED_LOCK_1") => Channels.Open(lockName, "orders");

    /// <summary>Creates a table with an id, a lock table, and a channel.</summary>
    public async Task<SnowflakeChannel> OpenWithTableAsync()
    {
        var channel = Open();
        await channel.ExecuteAsync(new("CREATE TABLE IF NOT EXISTS \"T\" (id BIGINT NOT NULL, name VARCHAR(5))"), default);
        await channel.ExecuteAsync(new("CREATE TABLE IF NOT EXISTS \"LOCK\" (epoch BIGINT NOT NULL) AS SELECT 1"), default);
        return channel;
    }

    /// <summary>The ids in the table, as another session sees them.</summary>
    public async Task<string> IdsAsync() => string.Join(',', await Load.RunAsync("SELECT id FROM \"T\" ORDER BY id"));

    public async ValueTask DisposeAsync()
    {
        Channels.Dispose();
        _key.Dispose();
        await Load.DisposeAsync();
    }
}
