using Npgsql;
using PeakS3Feed.Destinations.PostgreSql;

namespace PeakS3Feed.Tests.Destinations.PostgreSql;

public class PostgreSqlConnectionTests
{
    private static readonly PostgreSqlDestination Server = new() { Name = "dw", Host = "h", Database = "d" };

    [Fact]
    public void Kerberos_is_not_tried_first_where_a_password_or_a_certificate_is_used()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, ".pgpass"), "");
        Directory.CreateDirectory(Path.Combine(folder.Path, "postgresql"));
        File.WriteAllText(Path.Combine(folder.Path, "postgresql", "pgpass.conf"), "");

        Assert.Equal(GssEncryptionMode.Disable, Mode(Server, "secret"));
        Assert.Equal(GssEncryptionMode.Disable, Mode(Server with { RootCertificate = "/ca.pem" }, null));
        foreach (var name in new[] { "PGPASSWORD", "PGPASSFILE", "PGSSLCERT", "PGSSLROOTCERT" })
            Assert.Equal(GssEncryptionMode.Disable, Mode(Server, null, (name, "x")));
        Assert.Equal(GssEncryptionMode.Disable, Mode(Server, null, ("HOME", folder.Path), ("APPDATA", folder.Path)));
    }

    [Fact]
    public void Kerberos_stays_the_drivers_choice_where_nothing_else_is_set_up_or_the_user_asks_for_it()
    {
        var untouched = new NpgsqlConnectionStringBuilder().GssEncryptionMode;

        Assert.NotEqual(GssEncryptionMode.Disable, untouched);
        Assert.Equal(untouched, Mode(Server, null));
        Assert.Equal(untouched, Mode(Server, "secret", ("PGGSSENCMODE", "require")));
    }

    private static GssEncryptionMode Mode(PostgreSqlDestination server, string? password, params (string Name, string Value)[] variables)
        => PostgreSqlConnection.Settings(server, password, name => Array.Find(variables, v => v.Name == name).Value).GssEncryptionMode;
}
