using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Whole runs into warehouses.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class WarehouseLoadTests
{
    public static TheoryData<Way, LoadKind> All
    {
        get
        {
            var all = new TheoryData<Way, LoadKind>();
            foreach (var way in Enum.GetValues<Way>())
            {
                foreach (var kind in Enum.GetValues<LoadKind>())
                    all.Add(way, kind);
            }
            return all;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(All))]
    public async Task Every_row_is_there_once(Way way, LoadKind kind)
    {
        await using var scenario = await Scenario.OnWarehouseAsync(way, kind);
        var database = (WarehouseDatabase)scenario.Database;

        await scenario.FinishAsync();
        scenario.ChangeFiles();
        await scenario.FinishAsync();

        await scenario.HistoryMustAgreeAsync(dead: 0);
        Assert.Empty(await database.StagedAsync());
        Assert.Empty(await database.StagingTablesAsync());
    }
}
