using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.Sqlite;

/// <summary>The plans and steps of loads into SQLite, as tests/Fixtures/loads has them.</summary>
public sealed class GoldenLoadTests
{
    public static TheoryData<string> Loads => GoldenLoads.Names;

    [Theory]
    [MemberData(nameof(Loads))]
    public async Task Plans_and_steps_of_a_load_are_those_of_its_file(string name)
    {
        using var folder = new TestFolder();
        var database = folder.File("warehouse.db");
        using var loads = new GoldenLoads(new SqliteDestination { Name = "warehouse", Path = database }, s => ExecuteAsync(database, s), t => t);

        GoldenFile.Compare($"loads/sqlite/{name}.txt", await loads.RunAsync(name));
    }

    private static async Task ExecuteAsync(string database, string statement)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }
}
