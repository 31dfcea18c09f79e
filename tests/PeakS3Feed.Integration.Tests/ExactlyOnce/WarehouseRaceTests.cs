using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// Two machines that load into a warehouse at once. The Data API runs the statements that the wire runs: of its loads, the one with most statements
/// and the one that replaces all rows are enough.
/// </summary>
[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class WarehouseRaceTests
{
    [SkippableTheory]
    [InlineData(Way.Wire, LoadKind.Append)]
    [InlineData(Way.Wire, LoadKind.Replacing)]
    [InlineData(Way.Wire, LoadKind.Upsert)]
    [InlineData(Way.Wire, LoadKind.TruncateInsert)]
    [InlineData(Way.DataApi, LoadKind.Replacing)]
    [InlineData(Way.DataApi, LoadKind.TruncateInsert)]
    [InlineData(Way.SqlApi, LoadKind.Append)]
    [InlineData(Way.SqlApi, LoadKind.Replacing)]
    [InlineData(Way.SqlApi, LoadKind.Upsert)]
    [InlineData(Way.SqlApi, LoadKind.TruncateInsert)]
    public async Task Two_machines_that_start_at_once_load_every_row_once(Way way, LoadKind kind)
    {
        await using var scenario = await Scenario.OnWarehouseAsync(way, kind);
        await StagedRuns.RaceAsync(scenario, rounds: 3);
    }
}
