using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Tests.Destinations.Redshift;

/// <summary>Servers that let nobody in, and what a person reads then.</summary>
public sealed class RedshiftLoginTests
{
    [Theory]
    [InlineData("28000", "DestinationLoginRefused", "refused the login: password authentication failed")]
    [InlineData("28P01", "DestinationLoginRefused", "refused the login: password authentication failed")]
    [InlineData("3D000", "DestinationDatabaseNotFound", "the warehouse has no such database")]
    [InlineData("57P03", "DestinationNotReady", "is not ready: password authentication failed")]
    [InlineData("53300", "DestinationUnreachable", "password authentication failed")]
    public async Task An_error_of_the_server_becomes_one_for_people(string state, string id, string message)
    {
        using var server = RefusingServer.WithError(state, "password authentication failed");

        var error = await FailAsync(server);

        Assert.Equal((id, state), (error.Id, error.ServiceCode));
        Assert.StartsWith($"Redshift dev on 127.0.0.1:{server.Port}", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Contacts); // a fixed password is not tried again
    }

    [Theory]
    [InlineData(13)]
    [InlineData(14)]
    public async Task A_login_that_the_driver_does_not_know_is_named(byte method)
    {
        using var server = RefusingServer.WithLogin(method);

        var error = await FailAsync(server);

        Assert.Equal("DestinationLoginNotSupported", error.Id);
        Assert.Contains($"{method}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"method {method}", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_program_is_not_taken_for_Redshift()
    {
        using var server = RefusingServer.WithText("HTTP/1.1 400 Bad Request\r\n\r\n");

        var error = await FailAsync(server, "VerifyFull");

        Assert.Equal("DestinationNotRedshift", error.Id);
        Assert.StartsWith($"Redshift dev on 127.0.0.1:{server.Port} is not Redshift: another program answers there (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_temporary_password_that_the_server_refuses_is_replaced_once()
    {
        await using var api = await ApiHarness.StartAsync();
        using var server = RefusingServer.WithError("28000", "password authentication failed");
        using var credentials = api.LogIn(new RedshiftLogin.Workgroup("wg", "dev"));

        var error = await Assert.ThrowsAsync<FeedException>(() => Sessions(server, "Disable", credentials).OpenAsync(default));

        Assert.Equal("DestinationLoginRefused", error.Id);
        Assert.Equal((2, 2), (api.Api.Issued, server.Contacts));
        Assert.All(server.Starts, s => Assert.Contains("user\0IAMR:loader\0", s, StringComparison.Ordinal)); // no request for Kerberos before it
        Assert.All(server.Starts, s => Assert.Contains("application_name\0PeakS3Feed\0", s, StringComparison.Ordinal));
    }

    private static async Task<FeedException> FailAsync(RefusingServer server, string sslMode = "Disable")
    {
        await using var api = await ApiHarness.StartAsync();
        using var credentials = api.LogIn(new RedshiftLogin.Fixed(new DatabaseUser("loader", "hush")));
        return await Assert.ThrowsAsync<FeedException>(() => Sessions(server, sslMode, credentials).OpenAsync(default));
    }

    private static RedshiftSessions Sessions(RefusingServer server, string sslMode, RedshiftCredentials credentials)
    {
        var definition = new RedshiftDestination
        {
            Name = "dw", Host = "127.0.0.1", Port = server.Port, Database = "dev", SslMode = sslMode, StagingConnection = "stage",
        };
        return new(definition, credentials, new RedshiftErrors(definition, $"Redshift dev on 127.0.0.1:{server.Port}"));
    }
}
