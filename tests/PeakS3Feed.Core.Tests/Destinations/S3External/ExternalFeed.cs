using System.Globalization;
using System.Text.Json;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.TestLake;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>A folder of files, a feed "orders", and a table in a folder, which DuckDB reads.</summary>
internal sealed class ExternalFeed : IDisposable
{
    private static readonly DateTime Beginning = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly TestFolder _folder;
    private int _written;

    private ExternalFeed(TestFolder folder, TestStore store) => (_folder, Store) = (folder, store);

    public TestStore Store { get; }

    public string Table => Path.Combine(_folder.Path, "lake", "tables", "orders");

    public static async Task<ExternalFeed> BeginAsync(
        Func<S3Feed, S3Feed>? configure = null, Func<S3ExternalDestination, S3ExternalDestination>? destination = null)
    {
        var folder = new TestFolder();
        var definition = new S3ExternalDestination { Name = "lake", ConnectionName = "writer", RootPath = "tables/" };
        var writer = new S3Connection
        {
            Name = "writer", BucketName = "lake", EndpointUrl = new Uri(folder.Sub("lake")).AbsoluteUri, Status = ConnectionStatus.Verified,
        };
        var store = await TestStore.CreateAsync(
            folder.File("store"), folder.Sub("source"), destination?.Invoke(definition) ?? definition, configure, [writer]);
        return new ExternalFeed(folder, store);
    }

    public string PathOf(string name) => Path.Combine(_folder.Path, "source", name);

    /// <summary>Writes a file in place; each is newer than the one before.</summary>
    public void Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        File.SetLastWriteTimeUtc(PathOf(name), Beginning.AddSeconds(++_written));
    }

    public async Task<RunResult> RunAsync(ICommitObserver? observer = null)
    {
        var run = await Store.RunAsync(observer);
        return run;
    }

    /// <summary>Runs to success.</summary>
    public async Task<RunResult> SucceedAsync(ICommitObserver? observer = null, string feed = TestStore.FeedName)
    {
        var run = await Store.RunAsync(observer, feed: feed);
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString() ?? run.Run.Status.ToString());
        return run;
    }

    /// <summary>Runs to a failure.</summary>
    public async Task<FeedException> FailAsync(string id, ICommitObserver? observer = null, string feed = TestStore.FeedName)
    {
        var run = await Store.RunAsync(observer, feed: feed);
        Assert.True(run.FeedError?.Id == id, $"{run.Run.Status} {run.Error}");
        return run.FeedError!;
    }

    /// <summary>Adds a feed that loads files of its own into the same table.</summary>
    public async Task<string> AddFeedAsync(string name, Func<S3Feed, S3Feed>? configure = null)
    {
        var folder = _folder.Sub(name);
        var connection = new S3Connection
        {
            Name = name, BucketName = name, EndpointUrl = new Uri(folder).AbsoluteUri, Status = ConnectionStatus.Verified,
        };
        var feed = new S3Feed { Name = name, ConnectionName = name, DestinationNames = ["lake"], Table = "orders", AdoptTable = true };
        await Store.Definitions().UpdateAsync(d => d.With(connection).With(configure?.Invoke(feed) ?? feed));
        return folder;
    }

    /// <summary>Returns another store that holds the same feed, as a second machine would.</summary>
    public async Task<TestStore> SecondStoreAsync()
    {
        var definitions = await Store.Definitions().ReadAsync();
        var feed = await Store.FeedAsync();
        return await TestStore.CreateAsync(
            _folder.File("store-" + Guid.NewGuid().ToString("N")[..6]), _folder.Sub("source"), definitions.FindDestination("lake")!, _ => feed,
            [definitions.FindConnection("writer")!]);
    }

    /// <summary>The path of an object of a feed's ledger.</summary>
    public string LedgerPath(string feedId, long number)
        => Path.Combine(Table, "_peaks3feed", feedId, number.ToString("D20", CultureInfo.InvariantCulture) + ".json");

    /// <summary>Commits an entry of another program's: the actions as JSON, one for each line.</summary>
    public void Commit(params string[] actions)
    {
        var version = Directory.GetFiles(Path.Combine(Table, "_delta_log"), "*.json").Length;
        using var file = new FileStream(EntryPath(version), FileMode.CreateNew);
        file.Write(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', actions)));
    }

    public string EntryPath(long version) => Path.Combine(Table, "_delta_log", version.ToString("D20", CultureInfo.InvariantCulture) + ".json");

    /// <summary>The newest action of a kind, as JSON.</summary>
    public string FindAction(string kind) => Directory.GetFiles(Path.Combine(Table, "_delta_log"), "*.json").Order(StringComparer.Ordinal)
        .SelectMany(File.ReadLines).Last(l => l.StartsWith($"{{\"{kind}\"", StringComparison.Ordinal));

    /// <summary>The numbers of a feed's ledger objects that the log has counted, in its order.</summary>
    public IReadOnlyList<long> ReadNumbers(Guid feedId)
    {
        using var duck = new DuckDb();
        return
        [
            .. duck.Query(
                $"""
                SELECT CAST(json ->> '$.txn.version' AS BIGINT) FROM read_ndjson_objects('{Table}/_delta_log/*.json', filename = true)
                WHERE json ->> '$.txn.appId' = 'peaks3feed-{feedId:D}' ORDER BY filename
                """).Select(r => (long)r[0]!),
        ];
    }

    /// <summary>Writes a data file with DuckDB, and returns the action that adds it. It has no statistics.</summary>
    public string Add(string name, string sql, bool dataChange = true)
    {
        using var duck = new DuckDb();
        var path = Path.Combine(Table, name);
        duck.Run($"COPY ({sql}) TO '{path}' (FORMAT parquet)");
        return JsonSerializer.Serialize(new
        {
            add = new
            {
                path = name, partitionValues = new Dictionary<string, string>(), size = new FileInfo(path).Length, modificationTime = 1L, dataChange,
            },
        });
    }

    /// <summary>Returns the action that removes a file.</summary>
    public static string Remove(string name, bool dataChange = true)
        => JsonSerializer.Serialize(new { remove = new { path = name, deletionTimestamp = 1L, dataChange } });

    /// <summary>Puts all rows into one new file, as another program's OPTIMIZE does.</summary>
    public void Optimize()
    {
        var files = ActiveFiles();
        var list = string.Join(", ", files.Select(f => $"'{Path.Combine(Table, f)}'"));
        Commit(
        [
            "{\"commitInfo\":{\"operation\":\"OPTIMIZE\"}}",
            .. files.Select(f => Remove(f, dataChange: false)),
            Add($"optimized-{Guid.NewGuid():N}.parquet", $"SELECT * FROM read_parquet([{list}], union_by_name = true)", dataChange: false),
        ]);
    }

    /// <summary>The rows as text, sorted; ∅ for NULL.</summary>
    public IReadOnlyList<string> Rows(params string[] columns)
    {
        var files = ActiveFiles();
        if (files.Count == 0)
            return [];
        using var duck = new DuckDb();
        var list = string.Join(", ", files.Select(f => $"'{Path.Combine(Table, f)}'"));
        return
        [
            .. duck.Query($"SELECT {string.Join(", ", columns)} FROM read_parquet([{list}], union_by_name = true)")
                .Select(r => string.Join('|', r.Select(v => v is null ? "∅" : Convert.ToString(v, CultureInfo.InvariantCulture))))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The names and field ids of the columns of all files, each pair once.</summary>
    public IReadOnlyList<(string Name, long Id)> ReadFieldIds()
    {
        using var duck = new DuckDb();
        var list = string.Join(", ", ActiveFiles().Select(f => $"'{Path.Combine(Table, f)}'"));
        return
        [
            .. duck.Query($"SELECT DISTINCT name, CAST(field_id AS BIGINT) FROM parquet_schema([{list}]) WHERE field_id IS NOT NULL")
                .Select(r => ((string)r[0]!, (long)r[1]!)),
        ];
    }

    public IReadOnlyList<string> ActiveFiles()
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in Directory.GetFiles(Path.Combine(Table, "_delta_log"), "*.json").Order(StringComparer.Ordinal))
        {
            foreach (var line in File.ReadLines(entry))
            {
                using var json = JsonDocument.Parse(line);
                if (json.RootElement.TryGetProperty("add", out var add))
                    files.Add(Uri.UnescapeDataString(add.GetProperty("path").GetString()!));
                if (json.RootElement.TryGetProperty("remove", out var remove))
                    files.Remove(Uri.UnescapeDataString(remove.GetProperty("path").GetString()!));
            }
        }
        return [.. files];
    }

    public void Dispose() => _folder.Dispose();
}
