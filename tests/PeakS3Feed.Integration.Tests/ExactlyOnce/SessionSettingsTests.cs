using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>What an administrator has set for people's sessions does not hold for a load's.</summary>
[Trait(Category.Name, Category.Server)]
[Collection(nameof(OwnPostgreSql))]
public sealed class SessionSettingsTests(OwnPostgreSql server)
{
    [SkippableFact]
    public async Task A_load_sets_its_own_limits()
    {
        var admin = server.Start();
        var role = "chaos_" + Guid.NewGuid().ToString("N")[..8];
        using var folder = new TestFolder();
        await using var home = await PostgreSqlDatabase.CreateAsync(folder, admin);
        await home.ExecuteAsync($"CREATE ROLE {role} LOGIN SUPERUSER PASSWORD 'chaos'");
        foreach (var setting in (string[])["statement_timeout = '1h'", "idle_in_transaction_session_timeout = '1h'", "client_min_messages = 'notice'", "tcp_keepalives_idle = 7200"])
            await home.ExecuteAsync($"ALTER ROLE {role} SET {setting}");
        await using (var scenario = await Scenario.CreateAsync(
            async f => await PostgreSqlDatabase.CreateAsync(f, $"{admin};Username={role};Password=chaos"), LoadKind.Append))
        {
            await scenario.FinishAsync();
            var schema = ((PostgreSqlDatabase)scenario.Database).Schema;
            await scenario.Database.ExecuteAsync(
                $"""
                CREATE TABLE seen (name text, setting text);
                CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    INSERT INTO {schema}.seen SELECT name, setting FROM pg_settings WHERE name LIKE 'tcp_keepalives_%'
                        OR name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'client_min_messages');
                    RETURN NULL;
                END $$;
                CREATE TRIGGER looking AFTER INSERT ON peaks3feed_load EXECUTE FUNCTION look()
                """);
            scenario.ChangeFiles();
            await scenario.FinishAsync();

            var seen = await scenario.Database.QueryAsync("SELECT DISTINCT name || ' = ' || setting FROM seen ORDER BY 1");
            Assert.Equal(
                [
                    "client_min_messages = error", "idle_in_transaction_session_timeout = 0", "statement_timeout = 0",
                    "tcp_keepalives_count = 3", "tcp_keepalives_idle = 30", "tcp_keepalives_interval = 10",
                ],
                seen.Select(r => r[0]));
        }
        await home.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
    }
}
