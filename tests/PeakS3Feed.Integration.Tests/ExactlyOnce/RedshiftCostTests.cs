using System.Globalization;
using PeakS3Feed.Feeds;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>What runs cost. The numbers are those of the tables in docs/redshift.md; when they change here, that page changes, too.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class RedshiftCostTests : RedshiftFeed
{
    private readonly Dictionary<string, int> _statements = new(StringComparer.Ordinal);

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task Runs_send_as_many_statements_as_the_page_says(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        var store = await CreateAsync(database, f => f with { CommitEveryObjects = 1 });
        Write("a.csv", "id\n1\n");
        await CountAsync(database, "the first run of a feed in an empty schema, with one load", () => SucceedAsync(store));
        await CountAsync(database, "a run with nothing to do", () => store.RunAsync());
        Write("b.csv", "id\n2\n");
        var one = await CountAsync(database, "a run with one load that appends", () => SucceedAsync(store));
        Write("c.csv", "id\n3\n");
        Write("d.csv", "id\n4\n");
        Write("e.csv", "id\n5\n");
        var three = await CountAsync(database, "three loads", () => SucceedAsync(store));
        _statements["each further load of the run"] = (three - one) / 2;
        Assert.Equal(three, one + (2 * _statements["each further load of the run"]));
        Write("f.csv", "id,x,y\n6,7,8\n");
        var columns = await CountAsync(database, "two columns", () => SucceedAsync(store));
        _statements["each column that a load adds"] = (columns - one) / 2;
        await CountChangesAsync(database, one);
        _statements.Remove("three loads");
        _statements.Remove("two columns");

        Assert.Equal(Read(way), _statements.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}: {s.Value}"));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task A_load_stages_its_parts_and_three_small_files_once(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        var store = await CreateAsync(database, f => f);
        Write("a.csv", "id\n" + string.Join('\n', Enumerable.Range(1, 1000)) + "\n");
        database.Server.Controls.Add(new ControlRule("commit", $"^INSERT INTO .*{database.Schema}.*orders", ControlAction.Stall));
        var running = store.RunAsync();
        await database.Server.Controls.ReachedAsync("commit", CancellationToken.None).WaitAsync(TestLimits.Hang);

        var staged = await database.StagedAsync();
        database.Server.Controls.Release("commit");
        await running;

        Assert.Equal(4, staged.Count);
        Assert.Equal(2, staged.Count(k => k.EndsWith(".manifest", StringComparison.Ordinal)));
        Assert.Equal(2, staged.Count(k => k.EndsWith(".csv.gz", StringComparison.Ordinal)));
        Assert.Empty(await database.StagedAsync());
    }

    // What other load types add to a load that appends.
    private async Task CountChangesAsync(RedshiftDatabase database, int one)
    {
        var others = new (string What, Func<S3Feed, S3Feed> Change)[]
        {
            ("an Upsert, for each load in addition", f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] }),
            ("a TruncateInsert, in addition", f => f with { LoadType = LoadType.TruncateInsert }),
        };
        foreach (var (what, change) in others)
        {
            var name = "feed" + _statements.Count.ToString(CultureInfo.InvariantCulture);
            var store = await TestStore.CreateAsync(
                Folder.File(name), Folder.Sub(name + "-source"), database.Definition, f => change(f with { Id = Guid.NewGuid(), Table = name }),
                database.Connections);
            await File.WriteAllTextAsync(Path.Combine(Folder.Sub(name + "-source"), "a.csv"), "id\n1\n");
            await SucceedAsync(store);
            await File.WriteAllTextAsync(Path.Combine(Folder.Sub(name + "-source"), "b.csv"), "id\n2\n");
            _statements[what] = await CountAsync(database, what, () => SucceedAsync(store)) - one;
        }
    }

    // BEGIN and COMMIT are left out: the Data API sends them itself.
    private async Task<int> CountAsync(RedshiftDatabase database, string what, Func<Task> act)
    {
        var before = database.Server.Controls.Statements.Count;
        await act();
        return _statements[what] = database.Server.Controls.Statements.Skip(before)
            .Count(s => s != "COMMIT" && !s.StartsWith("BEGIN", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Read(Way way)
    {
        var lines = File.ReadAllLines(Repository.PathOf("docs/redshift.md"));
        var table = lines.SkipWhile(l => !l.StartsWith("| statements of a run |", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|'));
        return table.Select(l => l.Split('|', StringSplitOptions.TrimEntries)).Select(c => $"{c[1]}: {c[way == Way.Wire ? 2 : 3]}")
            .Order(StringComparer.Ordinal);
    }
}
