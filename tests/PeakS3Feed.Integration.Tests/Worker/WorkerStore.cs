using Microsoft.Data.Sqlite;
using PeakS3Feed.Engine;
using PeakS3Feed.Store;

namespace PeakS3Feed.Integration.Worker;

/// <summary>A store and a folder that stands in for a bucket, both gone after the test.</summary>
internal sealed class WorkerStore : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("peaks3feed-worker-").FullName;

    public string Store => Path.Combine(Root, "store");

    public FeedEngine Engine => new(StorePaths.Resolve(Store));

    public string Bucket => Path.Combine(Root, "bucket");

    public string Database => Path.Combine(Store, "local.db");

    public string BucketUrl => new Uri(Bucket + Path.DirectorySeparatorChar).AbsoluteUri;

    // A store that is named must be there, but for commands that make definitions.
    public WorkerStore() => Directory.CreateDirectory(Store);

    /// <summary>A store with the connection <c>lake</c> and a feed of CSV files under <c>in/</c>.</summary>
    /// <param name="name">The feed.</param>
    /// <param name="feed">More members of the feed's JSON, each with a comma before it.</param>
    public static async Task<WorkerStore> WithFeedAsync(string name = "orders", string feed = "")
    {
        var store = new WorkerStore();
        Directory.CreateDirectory(Path.Combine(store.Bucket, "in"));
        (await store.RunAsync(["import", "-"], store.Document($$"""{ "name": "{{name}}", "connectionName": "lake", "path": "in/", "fileType": "Csv"{{feed}} }""")))
            .Exits(0);
        return store;
    }

    /// <summary>A document of the connection and some feeds.</summary>
    public string Document(params IEnumerable<string> feeds)
        => $$"""{ "connections": [ { "name": "lake", "bucketName": "lake", "endpointUrl": "{{BucketUrl}}" } ], "feeds": [ {{string.Join(", ", feeds)}} ] }""";

    public Task<WorkerResult> RunAsync(params IEnumerable<string> arguments) => WorkerProcess.RunAsync(Store, arguments);

    public Task<WorkerResult> RunAsync(IEnumerable<string> arguments, string input) => WorkerProcess.RunAsync(Store, arguments, input);

    public WorkerProcess Start(params IEnumerable<string> arguments) => WorkerProcess.Start(Store, arguments);

    public void Put(string key, string text)
    {
        var path = Path.Combine(Bucket, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Files of numbered rows, so many in all.</summary>
    public void PutNumbers(int files, int rowsPerFile)
    {
        for (var file = 0; file < files; file++)
        {
            using var writer = new StreamWriter(Path.Combine(Bucket, "in", $"{file:00}.csv"));
            writer.Write("id,name,amount,at\n");
            for (var row = 0; row < rowsPerFile; row++)
                writer.Write($"{(file * rowsPerFile) + row},name of row {row},{row / 100}.{row % 100:00},2026-01-{1 + (row % 28):00}T10:00:00Z\n");
        }
    }

    /// <summary>The first value of a query in the local database.</summary>
    public long Number(string sql) => (long)Query(sql)[0][0]!;

    /// <summary>The rows of a query in the local database.</summary>
    public List<object?[]> Query(string sql) => Query(Database, sql);

    /// <summary>The rows of a query in a database.</summary>
    public static List<object?[]> Query(string database, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            reader.GetValues(row!);
            rows.Add(row);
        }
        return rows;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
