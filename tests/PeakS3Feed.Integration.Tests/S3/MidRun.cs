using System.Globalization;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Integration.Worker;
using PeakS3Feed.Store;

namespace PeakS3Feed.Integration.S3;

/// <summary>A feed of the gateway's objects into SQLite, one commit for each object, and a role of its own that can be revoked while it runs.</summary>
internal sealed class MidRun : IAsyncDisposable
{
    public const int Objects = 12;
    private const string Feed = "orders";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peaks3feed-midrun-");

    public required CephS3 S3 { get; init; }

    public required CephRole Role { get; init; }

    /// <summary>With the objects 01.csv to 12.csv, of two rows each.</summary>
    public static async Task<MidRun> OpenAsync(BadFileAction onBadFile = BadFileAction.Fail, Func<S3Connection, S3Connection>? configure = null)
    {
        var way = new MidRun { S3 = await CephS3.OpenAsync(), Role = await CephRole.MakeAsync() };
        for (var i = 1; i <= Objects; i++)
            await way.S3.PutAsync(string.Create(CultureInfo.InvariantCulture, $"{i:00}.csv"), string.Create(CultureInfo.InvariantCulture, $"id\n{i}-a\n{i}-b\n"));
        var connection = way.S3.Connection with { RoleArn = way.Role.Arn };
        await new DefinitionStore(way.Paths).UpdateAsync(d => d
            .With(configure?.Invoke(connection) ?? connection)
            .With(new SqliteDestination { Name = "warehouse", Path = way.Database })
            .With(new S3Feed { Name = Feed, ConnectionName = connection.Name, DestinationNames = ["warehouse"], CommitEveryObjects = 1, OnBadFile = onBadFile }));
        return way;
    }

    public Task<RunResult> RunAsync(ICommitObserver? observer = null)
        => new FeedEngine(Paths, new FeedEngineOptions { Observer = observer }).RunAsync(Feed, new RunOptions(), CephS3.Platform, progress: null, default);

    /// <summary>The ids that are in the table, as often as they are.</summary>
    public List<string> Ids() => [.. WorkerStore.Query(Database, "SELECT id FROM orders ORDER BY id").Select(r => (string)r[0]!)];

    /// <summary>The ids of so many objects from the first one.</summary>
    public static List<string> IdsOf(IEnumerable<int> objects)
        => [.. objects.SelectMany(i => new[] { string.Create(CultureInfo.InvariantCulture, $"{i}-a"), string.Create(CultureInfo.InvariantCulture, $"{i}-b") }).Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await Role.DisposeAsync();
        S3.Dispose();
        _folder.Delete(recursive: true);
    }

    private StorePaths Paths => StorePaths.Resolve(Path.Combine(_folder.FullName, "store"));

    private string Database => Path.Combine(_folder.FullName, "warehouse.db");
}
