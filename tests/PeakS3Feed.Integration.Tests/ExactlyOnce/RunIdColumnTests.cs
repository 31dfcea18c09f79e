using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>The audit column with the run's id: uuid in new tables on PostgreSQL, text in those of earlier versions.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class RunIdColumnTests
{
    private const string TypeOfColumn
        = "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'peakauditrequestid'";

    private static readonly string[] Types = ["uuid", "text", "character varying"];

    public static TheoryData<LoadKind, string> Cases
    {
        get
        {
            var cases = new TheoryData<LoadKind, string>();
            foreach (var kind in Enum.GetValues<LoadKind>())
            {
                foreach (var type in Types)
                    cases.Add(kind, type);
            }
            return cases;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public async Task A_table_of_each_type_takes_loads_of_each_kind(LoadKind kind, string type)
    {
        await using var scenario = await Scenario.OnPostgreSqlAsync(kind);
        await scenario.RunAsync();
        await scenario.MustBeCompleteAsync();
        Assert.Equal("uuid", (await scenario.Database.QueryAsync(TypeOfColumn))[0][0]);

        await scenario.Database.ExecuteAsync($"ALTER TABLE orders ALTER COLUMN peakauditrequestid TYPE {type} USING peakauditrequestid::{type}");
        scenario.ChangeFiles();
        await scenario.FinishAsync();

        Assert.Equal(type, (await scenario.Database.QueryAsync(TypeOfColumn))[0][0]);
        var runs = (await scenario.Store.RunsAsync()).ConvertAll(r => r.Id.ToString("D"));
        var named = await scenario.Database.QueryAsync("SELECT DISTINCT peakauditrequestid::text FROM orders");
        Assert.NotEmpty(named);
        Assert.All(named, r => Assert.Contains((string)r[0]!, runs));
    }
}
