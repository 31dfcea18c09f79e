using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PeakS3Feed.Bench.Data;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Loads into tables of Parquet files under a Delta log, in a folder, compared with other loads of the same kind.</summary>
internal sealed class TableContests(BenchContext context, Feeds feeds)
{
    private const string Tables = "tables16";
    private const int FileMiB = 16;
    private const int LoadedFiles = 8;
    private const int FewCommits = 11; // the last one wrote a checkpoint, and so it did with ManyCommits
    private const int ManyCommits = 10_001;

    /// <summary>
    /// Upserts of one row in a hundred: spread over the whole table, compared with a load that replaces the table; and in one key range.
    /// </summary>
    public async Task<Contest> UpsertAsync(DataSet set)
    {
        var rows = (await context.Data.MakeAsync(set)).Rows;
        var all = Path.GetFileName(await context.Data.SplitAsync(set, LoadedFiles, packed: false));
        await feeds.AddTablesAsync(Tables, "zstd", FileMiB);
        var table = await FillAsync(all, set, "upserted", ("loadType", "Upsert"), ("primaryKey", new JsonArray("id")));
        var spread = await context.Data.PickAsync(set, "spread", rows / 100, first: 50, step: 100);
        var range = await context.Data.PickAsync(set, "range", rows / 100, first: rows / 3, step: 1);
        var replacing = await feeds.AddAsync(all, set.Type, Tables, audited: true, more: [("table", "replaced"), ("loadType", "TruncateInsert")]);
        return new(BenchRows.TableUpsert, set.Size,
        [
            await UpsertAsync("peaks3feed run, Upsert, 1 % spread over all keys", row: null, spread),
            new("peaks3feed run, TruncateInsert of all rows", BenchRows.TableUpsert, feeds.Run(replacing))
            {
                PrepareAsync = () => RemoveAsync(Place("replaced")),
            },
            await UpsertAsync("peaks3feed run, Upsert, 1 % in one key range", row: "", range),
        ]);

        async Task<Contestant> UpsertAsync(string name, string? row, string folder)
        {
            var feed = await feeds.AddAsync(
                folder, set.Type, Tables, audited: true,
                more: [("table", table), ("loadType", "Upsert"), ("primaryKey", new JsonArray("id")), ("adoptTable", true)]);
            return new(name, row, feeds.Run(feed))
            {
                PrepareAsync = () => RestoreAsync(table),
                HashAsync = _ =>
                {
                    var removed = CountRemoved(table);
                    if (folder == range && removed > 2)
                        throw new BenchException($"It rewrote {removed} files instead of two at most.");
                    return Task.FromResult<string?>(null);
                },
                Counts = () => new Dictionary<string, long>(StringComparer.Ordinal) { ["rewritten files"] = CountRemoved(table) },
            };
        }
    }

    /// <summary>Appends of one small file to a table of 10,000 commits, compared with a table of ten.</summary>
    public async Task<Contest> AppendAsync(DataSet set)
    {
        await feeds.AddTablesAsync(Tables, "zstd", FileMiB);
        var first = await context.Data.MakeTinyAsync(set, 1, first: 1_000_000);
        var added = await context.Data.MakeTinyAsync(set, 2, first: 2_000_000);
        return new(BenchRows.TableAppend, set.Size,
        [
            await AppendAsync("peaks3feed run, onto 10,002 commits", row: null, ManyCommits),
            await AppendAsync("peaks3feed run, onto 12 commits", BenchRows.TableAppend, FewCommits),
            await AppendAsync("peaks3feed run, onto 10,010 commits, with a checkpoint", row: "", ManyCommits + 8),
        ]);

        async Task<Contestant> AppendAsync(string name, string? row, int commits)
        {
            var folder = await context.Data.MakeTinyAsync(set, commits, first: 0);
            var table = await FillAsync(folder, set, $"commits{commits.ToString(CultureInfo.InvariantCulture)}", ("commitEveryObjects", 1));
            // A feed of its own, which has loaded into the table once: its ledger is as short as that of the other table's feed.
            await RestoreAsync(table);
            var feed = await AddAsync(first);
            await ProcessRunner.RunAsync(feeds.Run(feed));
            await RemoveAsync(Copy(table));
            Directory.Move(Place(table), Copy(table));
            await AddAsync(added);
            return new(name, row, feeds.Run(feed)) { PrepareAsync = () => RestoreAsync(table) };

            Task<string> AddAsync(string from) => feeds.AddAsync(
                from, set.Type, Tables, audited: true, more: [("name", $"append_{table}"), ("table", table), ("adoptTable", true)]);
        }
    }

    private string Place(string table) => Path.Combine(feeds.TablesOf(Tables), table);

    // Loads a table, and keeps a copy of it. Returns its name.
    private async Task<string> FillAsync(string folder, DataSet set, string table, params (string Name, JsonNode Value)[] more)
    {
        var feed = await feeds.AddAsync(folder, set.Type, Tables, audited: true, more: [("table", table), .. more]);
        await RemoveAsync(Place(table));
        await RemoveAsync(Copy(table));
        await ProcessRunner.RunAsync(feeds.Run(feed));
        Directory.Move(Place(table), Copy(table));
        return table;
    }

    private string Copy(string table) => context.Place("lake-copies", table);

    // Files of a table never change, so that links are enough; those that are replaced get a new file.
    private async Task RestoreAsync(string table)
    {
        await RemoveAsync(Place(table));
        await ProcessRunner.RunAsync(new("cp", "-al", Copy(table), Place(table)));
    }

    private static Task RemoveAsync(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    // The files that the last commit removed.
    private int CountRemoved(string table)
    {
        var entry = Directory.GetFiles(Path.Combine(Place(table), "_delta_log"), "*.json").Order(StringComparer.Ordinal).Last();
        return File.ReadLines(entry).Count(line =>
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.TryGetProperty("remove", out _);
        });
    }
}
