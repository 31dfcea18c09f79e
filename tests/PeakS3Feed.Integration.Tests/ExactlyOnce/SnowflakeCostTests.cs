using System.Globalization;
using PeakS3Feed.Feeds;
using PeakS3Feed.SnowflakeServer.Api;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>What runs cost. The numbers are those of the table in docs/snowflake.md; when they change here, that page changes, too.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class SnowflakeCostTests : WarehouseFeed
{
    private readonly Dictionary<string, Cost> _costs = new(StringComparer.Ordinal);

    [SkippableFact]
    public async Task Runs_send_as_many_requests_and_statements_as_the_page_says()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        var store = await CreateAsync(database, f => f with { CommitEveryObjects = 1 });
        Write("a.csv", "id\n1\n");
        _costs["the first run of a feed in an empty schema, with one load"] = await CountAsync(database, () => SucceedAsync(store));
        _costs["a run with nothing to do"] = await CountAsync(database, () => store.RunAsync());
        Write("b.csv", "id\n2\n");
        var one = _costs["a run with one load that appends"] = await CountAsync(database, () => SucceedAsync(store));
        Write("c.csv", "id\n3\n");
        Write("d.csv", "id\n4\n");
        Write("e.csv", "id\n5\n");
        _costs["each further load of the run"] = (await CountAsync(database, () => SucceedAsync(store))).Per(2, one);
        Write("f.csv", "id,x,y\n6,7,8\n");
        _costs["each column that a load adds"] = (await CountAsync(database, () => SucceedAsync(store))).Per(2, one);
        await CountChangesAsync(database, one);

        var counted = string.Join('\n', _costs.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}: {c.Value}"));
        Assert.True(counted == string.Join('\n', Read()), counted);
    }

    // bench/run --only snow-requests does the same with 20,000 objects, too.
    [SkippableFact]
    public async Task A_load_of_many_objects_sends_as_many_requests_and_statements_as_one_of_one_object()
    {
        var one = await CountLoadAsync(1);
        var thousand = await CountLoadAsync(1_000);

        Assert.Equal(one, thousand);
        Assert.True(one.Requests > 0 && one.Statements > one.Requests, one.ToString());
    }

    [SkippableFact]
    public async Task A_load_stages_its_parts_and_one_small_file()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        var store = await CreateAsync(database, f => f);
        Write("a.csv", "id\n" + string.Join('\n', Enumerable.Range(1, 1000)) + "\n");
        database.Controls.Add(new ControlRule("commit", "^INSERT INTO \"ORDERS\"", ControlAction.Stall));
        var running = store.RunAsync();
        await database.Controls.ReachedAsync("commit", CancellationToken.None).WaitAsync(TestLimits.Hang);

        var staged = await database.StagedAsync();
        database.Controls.Release("commit");
        await running;

        Assert.Equal(2, staged.Count);
        Assert.All(staged, k => Assert.EndsWith(".csv.gz", k, StringComparison.Ordinal));
        Assert.Empty(await database.StagedAsync());
    }

    private async Task<Cost> CountLoadAsync(int objects)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"with-{objects}");
        var source = Folder.Sub(name + "-source");
        for (var i = 0; i < objects; i++)
            await File.WriteAllTextAsync(Path.Combine(source, string.Create(CultureInfo.InvariantCulture, $"{i:D4}.csv")), $"id\n{i}\n");
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        var store = await TestStore.CreateAsync(Folder.File(name), source, database.Definition, f => f, database.Connections);
        var cost = await CountAsync(database, () => SucceedAsync(store));
        Assert.Equal([objects.ToString(CultureInfo.InvariantCulture)], await RowsAsync(database, "SELECT COUNT(*) FROM orders"));
        return cost;
    }

    // What other ways of loading add to a load that appends.
    private async Task CountChangesAsync(SnowflakeDatabase database, Cost one)
    {
        var others = new (string What, string Second, Func<S3Feed, S3Feed> Change)[]
        {
            ("an Upsert, for each load in addition", "b.csv", f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] }),
            ("a TruncateInsert, in addition", "b.csv", f => f with { LoadType = LoadType.TruncateInsert }),
            ("a load that replaces earlier versions of objects, in addition", "a.csv", f => f with { OnChangedObject = ChangedObjectAction.Replace }),
        };
        foreach (var (what, second, change) in others)
        {
            var name = "feed" + _costs.Count.ToString(CultureInfo.InvariantCulture);
            var source = Folder.Sub(name + "-source");
            var store = await TestStore.CreateAsync(
                Folder.File(name), source, database.Definition, f => change(f with { Id = Guid.NewGuid(), Table = name }), database.Connections);
            await File.WriteAllTextAsync(Path.Combine(source, "a.csv"), "id\n1\n");
            await SucceedAsync(store);
            await File.WriteAllTextAsync(Path.Combine(source, second), "id\n22\n");
            _costs[what] = (await CountAsync(database, () => SucceedAsync(store))).Per(1, one);
        }
    }

    // How often the end of a statement is asked for depends on how long it takes. What begins and commits the transaction is part of the block.
    private static async Task<Cost> CountAsync(SnowflakeDatabase database, Func<Task> act)
    {
        var (requests, statements) = (Requests(database), database.Controls.Statements.Count);
        await act();
        return new(
            (int)(Requests(database) - requests),
            database.Controls.Statements.Skip(statements)
                .Count(s => !s.StartsWith("COMMIT", StringComparison.Ordinal) && !s.StartsWith("EXECUTE IMMEDIATE", StringComparison.Ordinal)));
    }

    private static long Requests(SnowflakeDatabase database) => database.Server.Requests.Where(r => r.Key != RequestKind.Poll).Sum(r => r.Value);

    private static IEnumerable<string> Read()
    {
        var lines = File.ReadAllLines(Repository.PathOf("docs/snowflake.md"));
        var table = lines.SkipWhile(l => !l.StartsWith("| a run |", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|'));
        return table.Select(l => l.Split('|', StringSplitOptions.TrimEntries)).Select(c => $"{c[1]}: {c[2]} requests, {c[3]} statements")
            .Order(StringComparer.Ordinal);
    }

    /// <summary>What a run costs.</summary>
    /// <param name="Requests">The requests to the SQL API, without those that ask whether a statement has ended.</param>
    /// <param name="Statements">The statements that Snowflake runs, each statement of a block counted.</param>
    private sealed record Cost(int Requests, int Statements)
    {
        /// <summary>Returns what each of some equal additions to another run costs.</summary>
        public Cost Per(int additions, Cost other)
        {
            var (requests, statements) = (Requests - other.Requests, Statements - other.Statements);
            Assert.Equal((0, 0), (requests % additions, statements % additions));
            return new(requests / additions, statements / additions);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Requests} requests, {Statements} statements");
    }
}
