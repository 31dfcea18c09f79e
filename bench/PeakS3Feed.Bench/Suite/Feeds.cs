using System.Text.Json.Nodes;
using PeakS3Feed.Bench.Data;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Our side: a store with a feed for each kind of load, and the commands of the worker.</summary>
internal sealed class Feeds(BenchContext context)
{
    private const string PasswordVariable = "PEAKS3FEED_BENCH_PASSWORD";
    private readonly string _store = context.Place("store", "x").TrimEnd('x');

    /// <summary>The database that feeds into SQLite fill.</summary>
    public string SqlitePath => context.Place("ours.db");

    /// <summary>Makes the store anew.</summary>
    public async Task CreateAsync()
    {
        if (Directory.Exists(_store))
            Directory.Delete(_store, recursive: true);
        var file = context.Place("feeds.json");
        var document = new JsonObject
        {
            ["connections"] = new JsonArray(new JsonObject
            {
                ["name"] = "folder", ["bucketName"] = "bench", ["endpointUrl"] = new Uri(context.Data.Root).AbsoluteUri,
            }),
            ["destinations"] = new JsonArray(
                new JsonObject
                {
                    ["kind"] = "PostgreSql", ["name"] = "pg", ["host"] = context.Postgres.Host, ["port"] = context.Postgres.Port,
                    ["database"] = PostgresServer.Database, ["username"] = context.Postgres.User, ["password"] = "env:" + PasswordVariable,
                    ["sslMode"] = "Disable",
                },
                new JsonObject { ["kind"] = "Sqlite", ["name"] = "lite", ["path"] = SqlitePath }),
        };
        await File.WriteAllTextAsync(file, document.ToJsonString());
        await ProcessRunner.RunAsync(Worker("import", file));
    }

    /// <summary>Adds a feed and gives its name, which is that of its table, too.</summary>
    public async Task<string> AddAsync(string folder, DataSet set, string destination, bool audited, string connection = "folder")
    {
        var name = $"{destination}_{folder.Replace('-', '_')}{(audited ? "_audited" : "")}";
        var file = context.Place("feed.json");
        var feed = new JsonObject
        {
            ["name"] = name, ["connectionName"] = connection, ["path"] = folder + "/", ["fileType"] = set.Type.ToString(),
            ["auditColumns"] = audited ? "All" : "None",
            ["destinationNames"] = new JsonArray(destination),
            ["schema"] = new JsonArray([.. BenchColumn.All.Select(c => new JsonObject { ["name"] = c.Name, ["type"] = c.Type })]),
        };
        await File.WriteAllTextAsync(file, new JsonObject { ["feeds"] = new JsonArray(feed) }.ToJsonString());
        await ProcessRunner.RunAsync(Worker("import", file));
        return name;
    }

    public Command Run(string feed) => Worker("run", feed);

    /// <summary>Forgets what a feed loaded, and drops its table.</summary>
    public Task ResetAsync(string feed) => ProcessRunner.RunAsync(Worker("reset", feed, "--drop-table", "--yes"));

    public Command Worker(params string[] arguments) => new(context.Worker, [.. arguments, "--store", _store])
    {
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { [PasswordVariable] = context.Postgres.Password },
    };
}
