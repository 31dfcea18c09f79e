using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Sqlite;

namespace PeakS3Feed.Tests.Feeds;

public class DestinationRulesTests
{
    private static readonly PostgreSqlDestination Server = new() { Name = "dwh", Host = "db.example.org", Database = "dwh" };

    private static string[] Fields(S3FeedDestination destination) => [.. BuiltInDestinations.Kinds.Check(destination).Select(p => p.Field)];

    [Theory]
    [InlineData("w.db", true)]
    [InlineData("sub/w.db", true)]
    [InlineData("", false)]
    [InlineData(":memory:", false)]
    [InlineData("file:w.db", false)]
    [InlineData("folder/", false)]
    [InlineData("state.db", false)]
    public void A_SQLite_path_is_a_file(string path, bool fine)
        => Assert.Equal(fine ? [] : ["Path"], Fields(new SqliteDestination { Name = "w", Path = path }));

    [Fact]
    public void The_name_local_is_taken() => Assert.Equal(["Name"], Fields(new SqliteDestination { Name = "Local", Path = "w.db" }));

    [Theory]
    [InlineData("db.example.org", true)]
    [InlineData("::1", true)]
    [InlineData("/var/run/postgresql", true)]
    [InlineData("", false)]
    [InlineData("postgres://u:hunter2@h/d", false)]
    [InlineData("Host=h;Password=hunter2", false)]
    [InlineData("h:5433", false)]
    public void A_host_is_no_connection_string(string host, bool fine)
    {
        var problems = BuiltInDestinations.Kinds.Check(Server with { Host = host });
        Assert.Equal(fine ? [] : ["Host"], problems.Select(p => p.Field));
        Assert.DoesNotContain(problems, p => (p.Message + p.Hint).Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_is_complete_and_its_password_a_reference()
    {
        Assert.Empty(Fields(Server with { SslMode = "require", Password = "env:PG", Username = "u" }));
        Assert.Equal(
            ["Port", "Database", "Schema", "Username", "SslMode", "RootCertificate", "Password"],
            Fields(Server with { Port = 0, Database = " ", Schema = "", Username = "", SslMode = "On", RootCertificate = "ca.pem", Password = "hunter2" }));
    }
}
