using Npgsql;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Redshift;

/// <summary>How a destination comes into a warehouse, and what a person reads if it does not.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class RedshiftSessionTests
{
    [SkippableTheory]
    [InlineData("c1", "peaks3feed", null)]
    [InlineData("c1", null, null)]
    [InlineData(null, null, "wg")]
    public async Task AWS_credentials_get_a_temporary_password_for_the_wire(string? cluster, string? user, string? workgroup)
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.Wire);
        var definition = h.Definition with
        {
            Username = null, ClusterIdentifier = cluster, DbUser = user, WorkgroupName = workgroup, Region = "eu-central-1",
            EndpointUrl = h.Load.Server.DataApiUrl,
        };
        await using var channels = ChannelHarness.Open(definition, null);
        await using var channel = await channels.OpenAsync(ChannelHarness.LockName, default);

        var row = Assert.Single(await channel.QueryAsync(new("SELECT current_user"), default).ToListAsync());

        Assert.Equal(h.Login.Username, row[0]);
        Assert.Equal($"Redshift {h.Login.Database} on {h.Login.Host}:{h.Login.Port}", channels.Location);
    }

    [SkippableTheory]
    [InlineData("wg", null, null, null)]
    [InlineData("wg", null, null, "arn:aws:secretsmanager:eu-central-1:1:secret:s")]
    [InlineData(null, "c1", null, null)]
    [InlineData(null, "c1", "loader", null)]
    public async Task The_Data_API_reaches_a_workgroup_or_a_cluster(string? workgroup, string? cluster, string? user, string? secret)
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.DataApi);
        var definition = h.Definition with { WorkgroupName = workgroup, ClusterIdentifier = cluster, DbUser = user, SecretArn = secret };
        await using var channels = ChannelHarness.Open(definition, null);
        await using var channel = await channels.OpenAsync(ChannelHarness.LockName, default);

        Assert.Single(await channel.QueryAsync(new("SELECT 1"), default).ToListAsync());
        Assert.Equal($"Redshift {h.Login.Database} in {(workgroup is null ? "cluster c1" : "workgroup wg")} (Data API)", channels.Location);
    }

    [SkippableFact]
    public async Task A_session_has_no_limit_of_time_and_the_time_zone_UTC()
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.Wire);
        await using var channel = await h.OpenAsync();

        var timeout = Assert.Single(await channel.QueryAsync(new("SHOW statement_timeout"), default).ToListAsync());
        var zone = Assert.Single(await channel.QueryAsync(new("SHOW timezone"), default).ToListAsync());

        Assert.Equal(("0", "UTC"), (timeout[0], zone[0]));
    }

    [SkippableFact]
    public async Task A_wrong_password_a_missing_database_and_a_closed_port_have_errors_of_their_own()
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.Wire);

        Assert.Equal("DestinationLoginRefused", (await FailAsync(h.Definition, "wrong")).Id);
        Assert.Equal("DestinationDatabaseNotFound", (await FailAsync(h.Definition with { Database = "missing" }, h.Login.Password)).Id);
        Assert.Equal("DestinationUnreachable", (await FailAsync(h.Definition with { Port = 1 }, h.Login.Password)).Id);
    }

    [SkippableFact]
    public async Task A_PostgreSQL_server_is_not_taken_for_Redshift()
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.Wire);
        var server = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_POSTGRES"));

        var error = await FailAsync(h.Definition with { Host = server.Host, Port = server.Port, Database = server.Database! }, server.Password);

        Assert.Equal("DestinationNotRedshift", error.Id);
        Assert.Contains("is not Redshift: the server there is PostgreSQL 15", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_certificate_of_another_host_is_refused_and_one_of_this_host_is_not()
    {
        var folder = Directory.CreateTempSubdirectory("peaks3feed-redshift-");
        using var certificate = TestCertificate.Create("localhost", -1, 1);
        await using var load = await StagedLoad.OpenAsync(certificate);
        var root = Path.Combine(folder.FullName, "ca.pem");
        await File.WriteAllTextAsync(root, certificate.ExportCertificatePem());
        var login = new NpgsqlConnectionStringBuilder(load.Server.ConnectionString);
        var definition = new RedshiftDestination
        {
            Name = "dw", Host = "localhost", Port = login.Port, Database = login.Database!, Username = login.Username,
            StagingConnection = "stage", RootCertificate = root,
        };

        await using var channels = ChannelHarness.Open(definition, login.Password);
        await using var channel = await channels.OpenAsync(ChannelHarness.LockName, default);
        Assert.Single(await channel.QueryAsync(new("SELECT 1"), default).ToListAsync());

        var otherName = await FailAsync(definition with { Host = "127.0.0.1" }, login.Password);
        var otherAuthority = await FailAsync(definition with { RootCertificate = null }, login.Password);
        Assert.Equal(("DestinationTlsFailed", "DestinationTlsFailed"), (otherName.Id, otherAuthority.Id));
        folder.Delete(recursive: true);
    }

    [SkippableFact]
    public async Task A_session_that_the_server_closes_is_replaced_by_the_next_call()
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.Wire);
        await using var channel = await h.OpenWithTableAsync();
        h.Load.Server.Controls.Add(new ControlRule("fail", $"^DELETE FROM {h.Table}", ControlAction.Fail, State: "XX000", Message: "words"));
        h.Load.Server.Controls.Add(new ControlRule("end", $"^UPDATE {h.Table}", ControlAction.DropBefore));

        await Assert.ThrowsAsync<StatementRefusedException>(() => channel.ExecuteAsync(new($"DELETE FROM {h.Table}"), default));
        Assert.Equal(1, await channel.ExecuteAsync(new($"INSERT INTO {h.Table} (id) VALUES (1)"), default));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => channel.ExecuteAsync(new($"UPDATE {h.Table} SET id = 2"), default));
        Assert.Equal(1, await channel.ExecuteAsync(new($"INSERT INTO {h.Table} (id) VALUES (3)"), default));

        Assert.Equal("1,3", await h.IdsAsync());
    }

    private static async Task<FeedException> FailAsync(RedshiftDestination definition, string? password)
    {
        await using var channels = ChannelHarness.Open(definition, password);
        return await Assert.ThrowsAsync<FeedException>(() => channels.OpenAsync(ChannelHarness.LockName, default));
    }
}
