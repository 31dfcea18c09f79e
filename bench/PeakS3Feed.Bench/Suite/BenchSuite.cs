using PeakS3Feed.Bench.Data;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Runs the requested contests one after the other. If one fails, the next one runs nevertheless.</summary>
internal sealed class BenchSuite(BenchContext context, SuiteOptions options)
{
    private readonly Feeds _feeds = new(context);
    private readonly List<ContestResult> _results = [];
    private readonly List<string> _failures = [];

    public IReadOnlyList<ContestResult> Results => _results;

    /// <summary>The failures.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public async Task RunAsync()
    {
        try
        {
            await RunLoadsAsync();
            await RunReadsAsync();
            if (options.Quick)
                return;
            await RunStagesAsync();
            await RunObjectsAsync();
            await RunNetworkAsync();
            await RunMemoryAsync();
        }
        catch (Exception e)
        {
            _failures.Add(e.Message);
        }
    }

    private async Task RunLoadsAsync()
    {
        await context.Postgres.CreateDatabaseAsync();
        await _feeds.CreateAsync();
        string[] small = [BenchRows.PgCsv, BenchRows.PgBinary, BenchRows.PgAudited, BenchRows.PgCsvHelper, BenchRows.PgLoader];
        await PostgresAsync("S", options.Quick ? small[..2] : small);
        if (!options.Quick && options.Size is null)
            await PostgresAsync("L", small[..3]);
        await RunAsync(BenchRows.StartIdle, () => new StartContest(context, _feeds, Set("csv", "XS")).CreateAsync(), rounds: 11);
        if (!options.Quick && options.Wants(BenchRows.PgStatements))
        {
            await using var statements = new StatementContest(context, _feeds);
            await RunAsync(BenchRows.PgStatements, statements.CreateAsync, rounds: 1);
        }
        await RunAsync(BenchRows.SqliteCsv, () => new SqliteContest(context, _feeds, Set("csv", "S")).CreateAsync(audited: !options.Quick));
    }

    private async Task RunReadsAsync()
    {
        var read = options.Quick ? "S" : "L";
        await RunAsync(BenchRows.ReadCsv, () => new ReadContest(context, Set("csv", read), packed: false, threads: 1).CreateAsync(BenchRows.ReadCsv));
        await RunAsync(BenchRows.ReadCsvGz, () => new ReadContest(context, Set("csv", read), packed: true, threads: 2).CreateAsync(BenchRows.ReadCsvGz));
        await RunAsync(BenchRows.ReadNdjson, () => new ReadContest(context, Set("ndjson", "S"), packed: false, threads: 1).CreateAsync(BenchRows.ReadNdjson));
        if (options.Quick)
            return;
        await RunAsync(BenchRows.ReadJson, () => new ReadContest(context, Set("json", "S"), packed: false, threads: 1).CreateAsync(BenchRows.ReadJson));
    }

    private async Task RunStagesAsync()
    {
        var contests = new StageContests(context);
        if (options.Wants(BenchRows.StageCsv) || options.Wants(BenchRows.StageLanes))
            await RunAsync("stage", () => contests.FolderAsync(Set("csv", "S")));
        await RunAsync(BenchRows.StageCeph, () => contests.CephAsync(Set("csv", "S")));
        var parquet = new ParquetContests(context, _feeds);
        foreach (var size in options.Size is { } only ? [only] : (string[])["S", "L"])
        {
            await RunAsync(BenchRows.ParquetCsv, () => parquet.CreateAsync(BenchRows.ParquetCsv, Set("csv", size), packed: false));
            await RunAsync(BenchRows.ParquetCsvGz, () => parquet.CreateAsync(BenchRows.ParquetCsvGz, Set("csv", size), packed: true));
        }
        await RunAsync(BenchRows.ParquetCeph, () => parquet.CephAsync(Set("csv", "S")));
        var tables = new TableContests(context, _feeds);
        await RunAsync(BenchRows.TableUpsert, () => tables.UpsertAsync(Set("csv", "L")));
        await RunAsync(BenchRows.TableAppend, () => tables.AppendAsync(Set("csv", "XS")));
        if (options.Wants(BenchRows.DirectRequests))
        {
            await using var direct = await DirectContest.StartAsync(context, _feeds);
            await RunAsync(BenchRows.DirectRequests, direct.CreateAsync, rounds: 1);
        }
        if (!options.Wants(BenchRows.SnowRequests))
            return;
        await using var snowflake = await SnowflakeAccount.StartAsync(context, context.S3Endpoint);
        await RunAsync(BenchRows.SnowRequests, () => new SnowflakeContest(context, _feeds, snowflake).CreateAsync(), rounds: 1);
    }

    private async Task RunObjectsAsync()
    {
        var contests = new S3Contests(context, _feeds);
        await RunAsync(BenchRows.S3Objects, contests.ObjectsAsync);
        if (!options.Wants(BenchRows.PlanListing) && !options.Wants(BenchRows.MemoryObjects))
            return;
        using var server = await FakeS3Process.StartAsync();
        await RunAsync(BenchRows.PlanListing, () => contests.PlanAsync(server));
        await RunAsync(BenchRows.MemoryObjects, () => contests.TinyObjectsAsync(server), rounds: 1);
    }

    private async Task RunNetworkAsync()
    {
        string[] rows = [BenchRows.NetFolders, BenchRows.NetFlat, BenchRows.NetObjects, BenchRows.NetLarge, BenchRows.NetGzip];
        if (!rows.Any(options.Wants))
            return;
        using var server = await FakeS3Process.StartAsync("network-s3");
        var contests = new NetworkContests(context, _feeds, server);
        await RunAsync(BenchRows.NetFolders, () => contests.PlanAsync(BenchRows.NetFolders, S3.NetworkServer.Folders));
        await RunAsync(BenchRows.NetFlat, () => contests.PlanAsync(BenchRows.NetFlat, S3.NetworkServer.Flat));
        await RunAsync(BenchRows.NetObjects, contests.ObjectsAsync);
        await RunAsync(BenchRows.NetLarge, contests.LargeAsync);
        await RunAsync(BenchRows.NetGzip, contests.PackedAsync);
        Log(await server.SetNetworkAsync(0, 0));
    }

    private async Task RunMemoryAsync()
    {
        var contests = new MemoryContests(context, _feeds);
        await RunAsync(BenchRows.MemoryCsv, () => contests.CsvAsync(Set("csv", "L")), rounds: 1);
        await RunAsync(BenchRows.MemoryJson, () => contests.JsonAsync(options.Size is null ? DataSet.Find("json-3g") : Set("json", "S")), rounds: 1);
    }

    private async Task PostgresAsync(string size, IReadOnlyList<string> rows)
    {
        var wanted = rows.Where(options.Wants).ToArray();
        if (wanted.Length > 0)
            await RunAsync("pg", () => new PostgresContest(context, _feeds, Set("csv", size)).CreateAsync(wanted));
    }

    private async Task RunAsync(string row, Func<Task<Contest>> create, int rounds = 5)
    {
        if (BenchRows.All.Contains(row) && !options.Wants(row))
            return;
        try
        {
            var result = await (await create()).RunAsync(options.Rounds ?? rounds, Log);
            _results.Add(result);
            _failures.AddRange(result.Failures.Select(f => $"{result.Id} {result.Size}: {f}"));
        }
        catch (Exception e)
        {
            _failures.Add($"{row}: {e.Message}");
        }
    }

    // JSON has only the sizes XS, M and S beside CSV.
    private DataSet Set(string kind, string size)
    {
        var wanted = options.Size ?? size;
        return DataSet.Find($"{kind}-{(kind != "csv" && wanted == "L" ? "s" : wanted.ToLowerInvariant())}");
    }

    private static void Log(string line) => Console.Error.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {line}");
}
