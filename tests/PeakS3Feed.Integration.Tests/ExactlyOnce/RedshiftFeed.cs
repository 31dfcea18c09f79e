using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Feeds;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A folder of files and a store whose feed loads them into Redshift.</summary>
public abstract class RedshiftFeed : WarehouseFeed
{
    public static TheoryData<Way> Ways => [Way.Wire, Way.DataApi];

    protected Task<TestStore> CreateAsync(RedshiftDatabase database, Func<S3Feed, S3Feed> configure, Func<RedshiftDestination, RedshiftDestination> change)
        => CreateAsync(database, configure, change(database.Definition));

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
