using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>What the tests of the stand-ins claim, on a real warehouse. docs/redshift.md and docs/snowflake.md say how to run them.</summary>
[Trait(Category.Name, Category.Live)]
public sealed class WarehouseLiveTests
{
    public static TheoryData<string, string, LoadKind> Kinds => Combine(Enum.GetValues<LoadKind>());

    public static TheoryData<string, string, CommitStep> Steps => Combine(WarehouseKillTests.Steps);

    public static TheoryData<string, string> Destinations
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var (variable, name) in LiveWarehouse.Names)
                all.Add(variable, name);
            return all;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Destinations))]
    public async Task The_test_of_the_destination_passes(string variable, string destination)
    {
        await using var scenario = await BeginAsync(variable, destination, LoadKind.Append);
        var checks = await scenario.Store.Engine().TestDestinationAsync("warehouse", default).ToListAsync();
        Assert.All(checks, c => Assert.True(c.Passed, $"{c.Step}: {c.Detail}"));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Every_row_is_there_once(string variable, string destination, LoadKind kind)
    {
        await using var scenario = await BeginAsync(variable, destination, kind);
        await scenario.FinishAsync();
        scenario.ChangeFiles();
        await scenario.FinishAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0);
    }

    [SkippableTheory]
    [MemberData(nameof(Steps))]
    public async Task Every_row_is_there_once_after_a_kill_at(string variable, string destination, CommitStep step)
    {
        await using var scenario = await BeginAsync(variable, destination, LoadKind.Replacing);
        await KilledAtEveryStepTests.KillTwiceAsync(scenario, LoadKind.Replacing, step);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Two_machines_that_start_at_once_load_every_row_once(string variable, string destination, LoadKind kind)
    {
        await using var scenario = await BeginAsync(variable, destination, kind);
        await StagedRuns.RaceAsync(scenario, rounds: 3);
    }

    private static TheoryData<string, string, T> Combine<T>(IReadOnlyList<T> values)
    {
        var all = new TheoryData<string, string, T>();
        foreach (var (variable, name) in LiveWarehouse.Names)
        {
            foreach (var value in values)
                all.Add(variable, name, value);
        }
        return all;
    }

    private static Task<Scenario> BeginAsync(string variable, string destination, LoadKind kind)
        => Scenario.CreateAsync(async _ => await LiveWarehouse.OpenAsync(variable, destination), kind);
}
