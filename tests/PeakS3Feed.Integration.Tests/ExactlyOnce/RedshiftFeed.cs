using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A folder of files and a store whose feed loads them into Redshift.</summary>
public abstract class RedshiftFeed : IDisposable
{
    public static TheoryData<Way> Ways => [.. Enum.GetValues<Way>()];

    protected TestFolder Folder { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder.Sub("source"), name), text);

    protected Task<TestStore> CreateAsync(RedshiftDatabase database, Func<S3Feed, S3Feed> configure, Func<RedshiftDestination, RedshiftDestination>? change = null)
        => TestStore.CreateAsync(
            Folder.File("store"), Folder.Sub("source"), change?.Invoke(database.Definition) ?? database.Definition, configure, database.Connections);

    protected static async Task SucceedAsync(TestStore store)
    {
        RunResult run = await store.RunAsync();
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
    }

    protected static async Task<List<string>> RowsAsync(RedshiftDatabase database, string sql)
    {
        await using var connection = (Npgsql.NpgsqlConnection)await database.OpenAsync();
        return [.. (await Redshift.StagedLoad.RowsAsync(connection, sql)).Select(r => r.Replace("NULL", "∅", StringComparison.Ordinal))];
    }

    protected static async Task<List<string>> TypesAsync(RedshiftDatabase database) =>
    [
        .. (await RowsAsync(
            database,
            $"SELECT data_type FROM svv_redshift_columns WHERE schema_name = '{database.Schema}' AND table_name = 'orders' ORDER BY ordinal_position"))
            .Select(t => t.Replace("character varying", "varchar", StringComparison.Ordinal)
                .Replace("timestamp without time zone", "timestamp", StringComparison.Ordinal)
                .Replace("timestamp with time zone", "timestamptz", StringComparison.Ordinal)),
    ];
}
