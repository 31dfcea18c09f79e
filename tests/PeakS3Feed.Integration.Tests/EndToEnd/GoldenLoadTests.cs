using PeakS3Feed.Integration.ExactlyOnce;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.EndToEnd;

/// <summary>The plans and steps of loads into PostgreSQL, as tests/Fixtures/loads has them.</summary>
public sealed class GoldenLoadTests
{
    public static TheoryData<string> Loads => GoldenLoads.Names;

    [SkippableTheory]
    [MemberData(nameof(Loads))]
    public async Task Plans_and_steps_of_a_load_are_those_of_its_file(string name)
    {
        using var folder = new TestFolder();
        await using var database = await PostgreSqlDatabase.CreateAsync(folder);
        using var loads = new GoldenLoads(
            database.Definition, database.ExecuteAsync, t => t.Replace(database.Schema, "a_schema_of_18_lett", StringComparison.Ordinal));

        GoldenFile.Compare($"loads/postgresql/{name}.txt", await loads.RunAsync(name));
    }
}
