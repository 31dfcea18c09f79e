using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.TestServers.PostgreSql;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A proxy between the runs of a test and its PostgreSQL database.</summary>
internal static class ProxiedDatabase
{
    /// <summary>Starts a proxy for the server of a database.</summary>
    public static PostgreSqlProxy Proxy(this TestDatabase database)
    {
        var server = ((PostgreSqlDatabase)database).Definition;
        return new PostgreSqlProxy(server.Host, server.Port);
    }

    /// <summary>Returns the destination of a database with the address of a proxy.</summary>
    public static PostgreSqlDestination Through(this PostgreSqlProxy proxy, TestDatabase database)
        => ((PostgreSqlDatabase)database).Definition with { Host = "127.0.0.1", Port = proxy.Port };
}
