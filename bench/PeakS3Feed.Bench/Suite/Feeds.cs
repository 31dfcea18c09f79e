using System.Text.Json.Nodes;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.Bench.S3;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Bench.Suite;

/// <summary>The store of the benchmark, with a feed for each kind of load, and the commands of the worker.</summary>
internal sealed class Feeds(BenchContext context)
{
    private const string PasswordVariable = "PEAKS3FEED_BENCH_PASSWORD";
    private readonly string _store = context.Place("store", "x").TrimEnd('x');

    /// <summary>The database of the feeds into SQLite.</summary>
    public string SqlitePath => context.Place("ours.db");

    /// <summary>Creates the store, and deletes an earlier one.</summary>
    public Task CreateAsync()
    {
        if (Directory.Exists(_store))
            Directory.Delete(_store, recursive: true);
        return ImportAsync(new JsonObject
        {
            ["connections"] = new JsonArray(new JsonObject
            {
                ["name"] = "folder", ["bucketName"] = "bench", ["endpointUrl"] = new Uri(context.Data.Root).AbsoluteUri,
            }),
            ["destinations"] = new JsonArray(
                Postgres("pg", context.Postgres.Host, context.Postgres.Port),
                new JsonObject { ["kind"] = "Sqlite", ["name"] = "lite", ["path"] = SqlitePath }),
        });
    }

    /// <summary>Adds a destination that reaches the benchmark's PostgreSQL by another address.</summary>
    public Task AddPostgresAsync(string name, string host, int port)
        => ImportAsync(new JsonObject { ["destinations"] = new JsonArray(Postgres(name, host, port)) });

    /// <summary>The folder of a destination with tables on S3, which is a local folder here.</summary>
    /// <param name="name">The destination.</param>
    public string TablesOf(string name) => context.Place("lake", name, "x")[..^2];

    /// <summary>Adds a destination with tables of files in a local folder.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="codec">The compression.</param>
    /// <param name="fileMiB">The size of a data file.</param>
    public async Task AddTablesAsync(string name, string codec, int fileMiB)
    {
        await ImportAsync(new JsonObject
        {
            ["connections"] = new JsonArray(new JsonObject
            {
                ["name"] = "tables", ["bucketName"] = "tables", ["endpointUrl"] = new Uri(Path.GetDirectoryName(TablesOf(name))!).AbsoluteUri,
            }),
        });
        await AddTablesAtAsync(name, "tables", codec, fileMiB);
    }

    /// <summary>Adds a destination with tables of files below its name, where a connection says.</summary>
    public Task AddTablesAtAsync(string name, string connection, string codec, int fileMiB) => ImportAsync(new JsonObject
    {
        ["destinations"] = new JsonArray(new JsonObject
        {
            ["kind"] = "S3External", ["name"] = name, ["connectionName"] = connection, ["rootPath"] = name + "/", ["compression"] = codec,
            ["fileSizeMiB"] = fileMiB,
        }),
    });

    /// <summary>Adds a connection to a bucket on a server.</summary>
    public Task ConnectAsync(string name, string bucket, string url) => ImportAsync(new JsonObject
    {
        ["connections"] = new JsonArray(new JsonObject
        {
            ["name"] = name, ["bucketName"] = bucket, ["endpointUrl"] = url, ["forcePathStyle"] = true, ["region"] = "us-east-1",
        }),
    });

    /// <summary>Adds a Snowflake destination.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="snowflake">The account.</param>
    /// <param name="staging">The connection for staged files.</param>
    /// <param name="sourceStage">The stage of objects that Snowflake loads itself; null to stage all loads.</param>
    public Task AddSnowflakeAsync(string name, SnowflakeAccount snowflake, string staging, string? sourceStage = null) => ImportAsync(new JsonObject
    {
        ["destinations"] = new JsonArray(new JsonObject
        {
            ["loadPath"] = sourceStage is null ? "Staged" : "Direct", ["sourceStage"] = sourceStage, ["kind"] = "Snowflake", ["name"] = name, ["account"] = "peaks3feed-test", ["endpointUrl"] = snowflake.Url,
            ["accessToken"] = "file:" + snowflake.TokenFile, ["database"] = SnowflakeAccount.Database, ["schema"] = SnowflakeAccount.Schema,
            ["stagingConnection"] = staging, ["stagingPrefix"] = SnowflakeAccount.StagingPrefix,
        }),
    });

    /// <summary>Adds a feed and returns its name, which is also the name of its table unless another one is among the further settings.</summary>
    public async Task<string> AddAsync(
        string folder, FileType type, string destination, bool audited, string connection = "folder", params IEnumerable<(string Name, JsonNode Value)> more)
    {
        var name = $"{destination}_{(connection == "folder" ? folder : connection).Replace('-', '_')}{(audited ? "_audited" : "")}";
        var feed = new JsonObject
        {
            ["name"] = name, ["connectionName"] = connection, ["path"] = folder + "/", ["fileType"] = type.ToString(),
            ["auditColumns"] = audited ? "All" : "None",
            ["destinationNames"] = new JsonArray(destination),
            ["schema"] = new JsonArray([.. BenchColumn.All.Select(c => new JsonObject { ["name"] = c.Name, ["type"] = c.Type })]),
        };
        foreach (var (key, value) in more)
            feed[key] = value;
        name = feed["name"]!.GetValue<string>();
        await ImportAsync(new JsonObject { ["feeds"] = new JsonArray(feed) });
        return name;
    }

    public Command Run(string feed) => Worker("run", feed);

    /// <summary>Resets a feed and drops its table.</summary>
    public Task ResetAsync(string feed) => ProcessRunner.RunAsync(Worker("reset", feed, "--drop-table", "--yes"));

    public Command Worker(params string[] arguments) => new(context.Worker, [.. arguments, "--store", _store])
    {
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [PasswordVariable] = context.Postgres.Password,
            ["AWS_ACCESS_KEY_ID"] = S3Access.KeyId,
            ["AWS_SECRET_ACCESS_KEY"] = S3Access.Secret,
        },
    };

    /// <summary>Deletes the database of the feeds into SQLite, including their ledger.</summary>
    public void RemoveSqlite()
    {
        foreach (var suffix in (string[])["", "-journal", "-wal", "-shm"])
            File.Delete(SqlitePath + suffix);
    }

    private async Task ImportAsync(JsonObject document)
    {
        var file = context.Place("import.json");
        await File.WriteAllTextAsync(file, document.ToJsonString());
        await ProcessRunner.RunAsync(Worker("import", file));
    }

    private JsonObject Postgres(string name, string host, int port) => new()
    {
        ["kind"] = "PostgreSql", ["name"] = name, ["host"] = host, ["port"] = port, ["database"] = PostgresServer.Database,
        ["username"] = context.Postgres.User, ["password"] = "env:" + PasswordVariable, ["sslMode"] = "Disable",
    };
}
