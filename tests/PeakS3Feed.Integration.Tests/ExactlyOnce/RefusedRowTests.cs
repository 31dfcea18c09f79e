using System.Globalization;
using System.Security.Cryptography;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Rows that PostgreSQL refuses for their size (SQLSTATE 54000): each is a reject with its line, and all others load.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class RefusedRowTests
{
    [SkippableTheory]
    [InlineData(LoadType.Upsert)]
    [InlineData(LoadType.Incremental)]
    [InlineData(LoadType.TruncateInsert)]
    public async Task A_key_that_is_too_long_for_an_index_is_a_reject(LoadType loadType)
    {
        using var folder = new TestFolder();
        await using var database = await PostgreSqlDatabase.CreateAsync(folder);
        if (loadType != LoadType.Upsert)
            await database.ExecuteAsync($"CREATE TABLE {database.Schema}.orders (id bigint, code text, v bigint, peakauditcreatedat timestamptz, peakauditfilename text, peakauditrequestid text); CREATE INDEX ON {database.Schema}.orders (code)");
        var store = await CreateAsync(folder, database, f => f with { LoadType = loadType, PrimaryKey = loadType == LoadType.Upsert ? ["code"] : [] });
        var rows = Enumerable.Range(1, 20_000).Select(i => $"{i},{(i is 777 or 778 or 20_000 ? Incompressible(4_000) : $"c{i % 15_000}")},{i}\n");
        File.WriteAllText(Path.Combine(folder.Path, "source", "a.csv"), "id,code,v\n" + string.Concat(rows));

        var result = await store.RunAsync();

        Assert.True(result.Run.Status == RunStatus.SucceededWithRejects, result.Error?.ToString());
        Assert.Equal((20_000, 19_997, 3), (result.Run.RowsRead, result.Run.RowsLoaded, result.Run.RowsRejected));
        var rejects = await store.History.ListRejectsAsync(result.Run.Id).ToListAsync();
        Assert.Equal([778L, 779L, 20_001L], rejects.Select(r => r.Position.Line));
        Assert.All(rejects, r => Assert.Contains("index row size", r.Reason, StringComparison.Ordinal));
        var expected = Enumerable.Range(1, 20_000).Where(i => i is not (777 or 778 or 20_000)).Select(i => (Code: $"c{i % 15_000}", V: (long)i)).ToList();
        if (loadType == LoadType.Upsert)
            expected = [.. expected.GroupBy(r => r.Code).Select(g => g.Last())];
        Assert.Equal(expected.Select(r => $"{r.Code}:{r.V}").Order(StringComparer.Ordinal), (await ListAsync(database, "SELECT code || ':' || v FROM orders")).Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task A_row_that_is_too_wide_for_a_page_is_a_reject()
    {
        const int Columns = 1_000;
        using var folder = new TestFolder();
        await using var database = await PostgreSqlDatabase.CreateAsync(folder);
        var store = await CreateAsync(folder, database, f => f);
        var header = string.Join(',', Enumerable.Range(1, Columns - 10).Select(i => $"c{i}")) + "\n";
        // Texts that are stored elsewhere leave 18 bytes each in the row: 990 of them do not fit into 8 KiB, 990 NULLs do.
        string Row(bool wide) => string.Join(',', Enumerable.Range(1, Columns - 10).Select(i => wide || i < 3 ? "a text of some forty characters or so" : "")) + "\n";
        File.WriteAllText(Path.Combine(folder.Path, "source", "a.csv"), header + Row(false) + Row(true) + Row(false) + Row(true));

        var result = await store.RunAsync();

        Assert.True(result.Run.Status == RunStatus.SucceededWithRejects, result.Error?.ToString());
        Assert.Equal([3L, 5L], (await store.History.ListRejectsAsync(result.Run.Id).ToListAsync()).Select(r => r.Position.Line));
        Assert.Equal(["2"], await ListAsync(database, "SELECT count(*)::text FROM orders"));
    }

    [SkippableFact]
    public async Task Beyond_the_threshold_the_run_fails_and_names_the_line()
    {
        using var folder = new TestFolder();
        await using var database = await PostgreSqlDatabase.CreateAsync(folder);
        var store = await CreateAsync(folder, database, f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["code"], FailedRowThreshold = default });
        File.WriteAllText(Path.Combine(folder.Path, "source", "a.csv"), $"id,code\n1,a\n2,{Incompressible(4_000)}\n");

        var result = await store.RunAsync();

        Assert.Equal("FailedRowThresholdExceeded", result.FeedError?.Id);
        Assert.Equal(3, result.FeedError!.Position!.Line);
    }

    private static Task<TestStore> CreateAsync(TestFolder folder, PostgreSqlDatabase database, Func<S3Feed, S3Feed> configure)
        => TestStore.CreateAsync(folder.File("store"), folder.Sub("source"), database.Definition, f => configure(f with { FailedRowThreshold = FailedRowThreshold.FromCount(5) }));

    private static string Incompressible(int length)
        => Convert.ToHexString(SHA256.HashData([1])).PadRight(0) + string.Concat(Enumerable.Range(0, length / 64).Select(i => Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes(i)))))[..(length - 64)];

    private static async Task<List<string>> ListAsync(PostgreSqlDatabase database, string sql)
    {
        await using var connection = await database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var row = await command.ExecuteReaderAsync();
        var list = new List<string>();
        while (await row.ReadAsync())
            list.Add(Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture)!);
        return list;
    }
}
