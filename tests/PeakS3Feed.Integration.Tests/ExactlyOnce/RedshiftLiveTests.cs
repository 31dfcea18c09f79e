using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>What the tests of the stand-in claim, on a real warehouse. docs/redshift.md says how to run them.</summary>
[Trait(Category.Name, Category.Live)]
public sealed class RedshiftLiveTests
{
    public static TheoryData<string, LoadKind> Kinds => Combine(Enum.GetValues<LoadKind>());

    public static TheoryData<string, CommitStep> Steps => Combine(RedshiftKillTests.Steps);

    public static TheoryData<string> Destinations => [.. LiveRedshift.Names];

    [SkippableTheory]
    [MemberData(nameof(Destinations))]
    public async Task The_test_of_the_destination_passes(string destination)
    {
        await using var scenario = await BeginAsync(destination, LoadKind.Append);
        var checks = await scenario.Store.Engine().TestDestinationAsync("warehouse", default).ToListAsync();
        Assert.All(checks, c => Assert.True(c.Passed, $"{c.Step}: {c.Detail}"));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Every_row_is_there_once(string destination, LoadKind kind)
    {
        await using var scenario = await BeginAsync(destination, kind);
        await scenario.FinishAsync();
        scenario.ChangeFiles();
        await scenario.FinishAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0);
    }

    [SkippableTheory]
    [MemberData(nameof(Steps))]
    public async Task Every_row_is_there_once_after_a_kill_at(string destination, CommitStep step)
    {
        await using var scenario = await BeginAsync(destination, LoadKind.Replacing);
        await KilledAtEveryStepTests.KillTwiceAsync(scenario, LoadKind.Replacing, step);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Two_machines_that_start_at_once_load_every_row_once(string destination, LoadKind kind)
    {
        await using var scenario = await BeginAsync(destination, kind);
        await StagedRuns.RaceAsync(scenario, rounds: 3);
    }

    private static TheoryData<string, T> Combine<T>(IReadOnlyList<T> values)
    {
        var all = new TheoryData<string, T>();
        foreach (var name in LiveRedshift.Names)
        {
            foreach (var value in values)
                all.Add(name, value);
        }
        return all;
    }

    private static Task<Scenario> BeginAsync(string destination, LoadKind kind)
        => Scenario.CreateAsync(async _ => await LiveRedshift.OpenAsync(destination), kind);
}
