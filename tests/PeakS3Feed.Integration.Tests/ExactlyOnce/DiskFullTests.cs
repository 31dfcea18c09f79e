using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A disk that is full keeps what was committed, and the run goes on once there is room.</summary>
[Trait(Category.Name, Category.Server)]
[Collection(nameof(OwnPostgreSql))]
public sealed class DiskFullTests(OwnPostgreSql server)
{
    private const int RowsPerFile = 12_000;

    // Rows of a new table are small on PostgreSQL: its catalog has the audit columns that are the same in all of them.
    private const int RowsPerFileOfPostgreSql = 24_000;

    [SkippableTheory]
    [InlineData(LoadKind.Append, 8)]
    [InlineData(LoadKind.Upsert, 8)]
    [InlineData(LoadKind.TruncateInsert, 8)]
    public async Task On_Sqlite(LoadKind kind, int megabytes)
    {
        SmallDisk? disk = null;
        try
        {
            await using var scenario = await Scenario.CreateAsync(
                f =>
                {
                    disk = SmallDisk.Mount(f.File("disk"), megabytes);
                    return Task.FromResult<TestDatabase>(new SqliteDatabase(Path.Combine(disk.Path, "warehouse.db")));
                },
                kind, files: 6, RowsPerFile, perCommit: 1);
            await MustGoOnAfterwardsAsync(scenario, disk!);
            disk!.Dispose();
        }
        finally
        {
            disk?.Dispose();
        }
    }

    [SkippableTheory]
    [InlineData(LoadKind.Append)]
    [InlineData(LoadKind.TruncateInsert)]
    public async Task On_PostgreSql(LoadKind kind)
    {
        var admin = server.Start();
        using var folder = new TestFolder();
        using var disk = SmallDisk.Mount(folder.File("space"), 10, "postgres");
        var name = "chaos_" + Guid.NewGuid().ToString("N")[..8];
        // What this role makes lands on the small disk.
        await ExecuteAsync(admin, $"CREATE TABLESPACE {name} LOCATION '{disk.Path}'");
        try
        {
            await ExecuteAsync(admin, $"CREATE ROLE {name} LOGIN SUPERUSER PASSWORD 'chaos'");
            await ExecuteAsync(admin, $"ALTER ROLE {name} SET default_tablespace = {name}");
            await using var scenario = await Scenario.CreateAsync(
                async f => await PostgreSqlDatabase.CreateAsync(f, $"{admin};Username={name};Password=chaos"), kind, files: 6, RowsPerFileOfPostgreSql, perCommit: 1);
            await MustGoOnAfterwardsAsync(scenario, disk);
        }
        finally
        {
            await ExecuteAsync(admin, $"DROP TABLESPACE {name}");
            await ExecuteAsync(admin, $"DROP ROLE IF EXISTS {name}");
            await ExecuteAsync(admin, "CHECKPOINT"); // a server that crashed now would look for the disk
        }
    }

    private static async Task MustGoOnAfterwardsAsync(Scenario scenario, SmallDisk disk)
    {
        var run = await scenario.RunAsync();

        Assert.Equal((RunStatus.Failed, "DestinationFull"), (run.Run.Status, (run.Error as FeedException)?.Id ?? run.Error?.ToString()));
        var stays = run.Run.Commits switch { 0 => "", 1 => " The commit before it stays.", var n => $" The {n} commits before it stay." };
        Assert.EndsWith(" is full; nothing of the commit was kept." + stays, run.Error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', run.Error.Message);
        var now = await scenario.MustAgreeAsync();
        Assert.Equal(run.Run.Commits, now.Loads.Count);
        Assert.True(scenario.Kind == LoadKind.TruncateInsert || now.Loads.Count > 0, "No commit fitted on the disk: the test tests too little.");

        disk.Enlarge(256);
        await scenario.FinishAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0);
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new Npgsql.NpgsqlConnection(server + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
