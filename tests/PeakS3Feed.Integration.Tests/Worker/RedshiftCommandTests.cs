using PeakS3Feed.Feeds;
using PeakS3Feed.Integration.ExactlyOnce;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Worker;

/// <summary>What a person sees of <c>peaks3feed</c> with a warehouse, on both ways in.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class RedshiftCommandTests : RedshiftFeed
{
    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task A_warehouse_is_tested_planned_and_loaded(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        var store = await CreateAsync(database, f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        Write("a.csv", "id,note\n1,a\n2,b\n");

        var test = (await WorkerProcess.RunAsync(store.Path, ["test", "warehouse"])).Exits(0);
        string[] steps = ["Connect: Redshift 1.0.0 ", "CreateTable: a table ", "StagingWrite: s3://", "StagingRead: ", "Copy: 1 row with ", "StagingDelete: "];
        Assert.Equal(steps.Length + 1, test.Output.TrimEnd('\n').Split('\n').Length);
        Assert.All(steps, s => Assert.Contains("  passed   " + s, test.Output, StringComparison.Ordinal));

        var plan = (await WorkerProcess.RunAsync(store.Path, ["run", "orders", "--plan"])).Exits(0).Output;
        foreach (var part in new[] { "CREATE TABLE IF NOT EXISTS ", "\n    -- the rows are staged as gzip CSV files", "COPY ", "UPDATE ", "INSERT INTO " })
            Assert.Contains(part, plan, StringComparison.Ordinal);
        Assert.Empty(await database.StagedAsync());
        Assert.Empty(await RowsAsync(database, $"SELECT 1 FROM svv_tables WHERE table_schema = '{database.Schema}'"));

        Assert.Matches(@"orders succeeded +1 +2 ", (await WorkerProcess.RunAsync(store.Path, ["run", "orders"])).Exits(0).Output);
        Assert.Matches(@"orders nothing to do ", (await WorkerProcess.RunAsync(store.Path, ["run", "orders"])).Exits(0).Output);
        Assert.Equal(["1|a", "2|b"], await RowsAsync(database, "SELECT id, note FROM orders ORDER BY id"));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task A_failed_step_of_the_test_shows_the_command_that_helps(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        var store = await CreateAsync(database, f => f, d => d with { IamRole = "arn:aws:iam::123456789012:role/copy-denied" });

        var test = (await WorkerProcess.RunAsync(store.Path, ["test", "warehouse"])).Exits(1).Output;
        Assert.Contains("  failed   Copy: ", test, StringComparison.Ordinal);
        Assert.Contains("             peaks3feed policy warehouse --for Copy\n", test, StringComparison.Ordinal);
        Assert.Contains("  passed   StagingDelete: ", test, StringComparison.Ordinal);
        Assert.Empty(await database.StagedAsync());
        Assert.Empty(await RowsAsync(database, $"SELECT 1 FROM svv_tables WHERE table_schema = '{database.Schema}'"));
    }
}
