using System.Diagnostics;
using System.Globalization;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using Xunit.Abstractions;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// A process that is killed at any moment, again and again, while files come and change, leaves no row out and none twice.
/// 50 kills for each database; more by command: <c>PEAKS3FEED_KILLS=2000 dotnet test --filter RandomKill</c>. The seed is printed;
/// PEAKS3FEED_SEED sets it. The program is <c>peaks3feed</c>; PEAKS3FEED_CHAOS_PROGRAM names another one that understands <c>run FEED --store DIR</c>.
/// </summary>
[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public abstract class RandomKillTests(ITestOutputHelper output)
{
    private static readonly int Kills = Number("PEAKS3FEED_KILLS", 50);
    private static readonly int Seed = Number("PEAKS3FEED_SEED", Random.Shared.Next());
    private static readonly string Program = Environment.GetEnvironmentVariable("PEAKS3FEED_CHAOS_PROGRAM") is { Length: > 0 } given ? given : Programs.Worker;

    /// <summary>Which part of the kills a database gets whose loads take long: 1 for all, 4 for a quarter.</summary>
    protected virtual int Part => 1;

    protected abstract Task<Scenario> BeginAsync(LoadKind kind, int seed);

    [SkippableTheory]
    [InlineData(LoadKind.Append)]
    [InlineData(LoadKind.Replacing)]
    [InlineData(LoadKind.Upsert)]
    [InlineData(LoadKind.TruncateInsert)]
    public async Task Every_row_is_there_once_after_kills_at_random_instants(LoadKind kind)
    {
        var started = Stopwatch.GetTimestamp();
        var random = new Random(Seed + (int)kind);
        var wanted = ((Kills / Part) + (int)kind) / 4;
        output.WriteLine($"PEAKS3FEED_SEED={Seed}, {wanted} kills");
        await using var scenario = await BeginAsync(kind, Seed);

        var length = await MeasureAsync(scenario);
        int kills = 0, ended = 0;
        while (kills < wanted)
        {
            scenario.ChangeFiles(added: 10, rewritten: 4);
            var start = Stopwatch.GetTimestamp();
            using var host = HostProcess.Start(scenario.Store, Program);
            await Task.Delay(length * (0.25 + (random.NextDouble() * 0.75)));
            var exit = await host.KillAsync();
            if (exit.WasKilled)
            {
                kills++;
            }
            else
            {
                ended++;
                Assert.True(exit.Code == 0, exit.ToString());
                length = (length + Stopwatch.GetElapsedTime(start)) / 2;
            }
            // Not each time: a killed writer's journal is to be found by the next run, not by us.
            if (random.Next(3) == 0)
                await scenario.MustAgreeAsync();
        }

        await scenario.FinishAsync();
        await scenario.HistoryMustAgreeAsync();
        var runs = await scenario.Store.RunsAsync();
        var underWay = runs.Count(r => r.ErrorId == "ProcessEnded");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{kills} kills in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s: {underWay} amid a run, {runs.Count(r => r.ErrorId == "ProcessEnded" && r.Commits > 0)} of those after a commit; {ended} runs ended first"));
        Assert.True(underWay > 0 || wanted < 5, "No kill met a run: the test tests nothing.");
        Assert.DoesNotContain(runs, r => r.Status is RunStatus.Failed && r.ErrorId != "ProcessEnded");
    }

    private static async Task<TimeSpan> MeasureAsync(Scenario scenario)
    {
        var start = Stopwatch.GetTimestamp();
        using var host = HostProcess.Start(scenario.Store, Program);
        var exit = await host.WaitAsync();
        Assert.True(exit.Code == 0, exit.ToString());
        return Stopwatch.GetElapsedTime(start);
    }

    private static int Number(string variable, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}

[Trait(Category.Name, Category.Kill)]
public sealed class RandomKillOnSqliteTests(ITestOutputHelper output) : RandomKillTests(output)
{
    protected override Task<Scenario> BeginAsync(LoadKind kind, int seed) => Scenario.OnSqliteAsync(kind, files: 14, rows: 20, perCommit: 1, seed);
}

[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class RandomKillOnPostgreSqlTests(ITestOutputHelper output) : RandomKillTests(output)
{
    protected override Task<Scenario> BeginAsync(LoadKind kind, int seed) => Scenario.OnPostgreSqlAsync(kind, files: 14, rows: 20, perCommit: 1, seed);
}

[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class RandomKillOnRedshiftByWireTests(ITestOutputHelper output) : RandomKillTests(output)
{
    protected override int Part => 4;

    protected override Task<Scenario> BeginAsync(LoadKind kind, int seed)
        => Scenario.OnWarehouseAsync(Way.Wire, kind, files: 9, rows: 20, perCommit: 3, seed);
}

[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class RandomKillOnRedshiftByDataApiTests(ITestOutputHelper output) : RandomKillTests(output)
{
    protected override int Part => 4;

    protected override Task<Scenario> BeginAsync(LoadKind kind, int seed)
        => Scenario.OnWarehouseAsync(Way.DataApi, kind, files: 9, rows: 20, perCommit: 3, seed);
}

[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class RandomKillOnSnowflakeTests(ITestOutputHelper output) : RandomKillTests(output)
{
    protected override int Part => 4;

    protected override Task<Scenario> BeginAsync(LoadKind kind, int seed)
        => Scenario.OnWarehouseAsync(Way.SqlApi, kind, files: 9, rows: 20, perCommit: 3, seed);
}
