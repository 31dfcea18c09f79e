using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>How the ledger's questions are answered where there is much of everything.</summary>
public sealed class LedgerQueryTests
{
    [Fact]
    public async Task Rows_of_earlier_versions_are_found_by_a_set_that_is_made_once()
    {
        SQLitePCL.Batteries_V2.Init();
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        var commands = new SqlCommands(connection, new SqliteDialect(), new LoadTarget(Guid.NewGuid(), "orders", "orders"));
        await new SqlLedger(commands, (_, _) => Task.FromResult(true)).CreateAsync(CancellationToken.None);
        await commands.ExecuteAsync("CREATE TABLE orders (id INTEGER, peakauditfilename TEXT, peakauditrequestid TEXT)", CancellationToken.None);
        await commands.ExecuteAsync("CREATE TEMP TABLE changed (bucket TEXT, object_key TEXT)", CancellationToken.None);

        await using var command = commands.Create($"EXPLAIN QUERY PLAN DELETE FROM orders WHERE {SqlLedger.LoadedFrom(new SqliteDialect(), "temp.changed")}");
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(3));

        Assert.DoesNotContain(plan, l => l.Contains("CORRELATED", StringComparison.Ordinal));
        Assert.Contains("LIST SUBQUERY 1", plan);
        Assert.Contains(plan, l => l.StartsWith("SEARCH f USING", StringComparison.Ordinal) && l.Contains("object_key=?", StringComparison.Ordinal));
        Assert.Contains(plan, l => l.StartsWith("SEARCH l USING", StringComparison.Ordinal) && l.Contains("sequence=?", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1000)]
    [InlineData(9, "x@feeds")]
    public async Task Objects_that_go_in_many_at_a_time_are_all_there(int count, string table = "objects")
    {
        SQLitePCL.Batteries_V2.Init();
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        var commands = new SqlCommands(connection, new SqliteDialect(), new LoadTarget(Guid.NewGuid(), "orders", "orders"));
        await commands.ExecuteAsync($"CREATE TABLE \"{table}\" (kind TEXT, bucket TEXT, object_key TEXT, size INTEGER)", CancellationToken.None);
        var objects = Enumerable.Range(0, count).Select(i => new SourceObject("b", $"o'{i:0000}", "e", i, DateTimeOffset.UnixEpoch)).ToArray();

        await commands.InsertAsync(
            $"\"{table}\"", [("kind", "k")], ["bucket", "object_key", "size"],
            objects.ToAsyncEnumerable(), o => [o.Bucket, o.Key, o.Size], CancellationToken.None);

        await using var command = commands.Create($"SELECT kind, bucket, object_key, size FROM \"{table}\" ORDER BY object_key");
        var found = await commands.QueryAsync(command, r => (r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3)), CancellationToken.None);
        Assert.Equal(objects.Select(o => ("k", o.Bucket, o.Key, o.Size)), found);
    }

    [Theory]
    [InlineData("", "a:2 b:-7 c:1")]
    [InlineData("a", "a:2 b:-7 c:1")]
    [InlineData("b", "b:-7 c:1")]
    [InlineData("a1", "b:-7 c:1")]
    [InlineData("c", "c:1")]
    [InlineData("é", "")]
    public async Task The_ledger_is_read_from_a_key_on(string from, string expected)
    {
        SQLitePCL.Batteries_V2.Init();
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        var target = new LoadTarget(Guid.NewGuid(), "orders", "orders");
        var commands = new SqlCommands(connection, new SqliteDialect(), target);
        var ledger = new SqlLedger(commands, (_, _) => Task.FromResult(true));
        await ledger.CreateAsync(CancellationToken.None);
        foreach (var (key, generation) in new[] { ("c", 1), ("a", 1), ("b", -7), ("a", 2) })
        {
            await commands.ExecuteAsync(
                "INSERT INTO peaks3feed_file (feed_id, table_name, bucket, object_key, etag, size, generation, load_id) "
                + $"VALUES ('{SqlCommands.Text(target.FeedId)}', 'orders', 'acme', '{key}', '{generation}', 1, {generation}, 'l')",
                CancellationToken.None);
        }

        Assert.Equal(expected, await ReadAsync(null));
        foreach (var offset in new[] { -1000L, 0, 1000 })
        {
            var unit = new LedgerUnit(target.FeedId, "orders", 0, 1, 2, 2, 4, DateTimeOffset.UnixEpoch) { Offset = offset };
            Assert.Equal(expected, await ReadAsync(new([unit], new FeedSchema([new("id", "id", ColumnType.BigInt)]))));
        }

        async Task<string> ReadAsync(LedgerTakeover? takeover) => string.Join(
            ' ', await ledger.ReadEntriesAsync("acme", from, takeover, CancellationToken.None).Select(e => $"{e.Key}:{e.ETag}").ToListAsync());
    }

    [Fact]
    public void The_plan_shows_the_statement_that_deletes_earlier_versions()
    {
        var target = new LoadTarget(Guid.NewGuid(), "orders", "orders");
        var spec = new LoadSpec { Mode = LoadMode.Append, Schema = new FeedSchema([new FeedColumn("id", "id", ColumnType.BigInt)]), DeleteEarlierVersions = true };

        Assert.StartsWith("DELETE FROM \"orders\" WHERE", new SqliteStatements(new SqliteDialect(), target, spec).All(TableFit.None)[0], StringComparison.Ordinal);
        Assert.StartsWith("DELETE FROM \"s\".\"orders\" WHERE", new PostgreSqlStatements(new PostgreSqlDialect("s"), target, spec).All(TableFit.None)[0], StringComparison.Ordinal);
        Assert.Single(new SqliteStatements(new SqliteDialect(), target, spec with { DeleteEarlierVersions = false }).All(TableFit.None));
    }

    [Theory]
    [InlineData(SQLitePCL.raw.SQLITE_IOERR, true, true)]
    [InlineData(SQLitePCL.raw.SQLITE_IOERR, false, false)]
    [InlineData(SQLitePCL.raw.SQLITE_FULL, false, true)]
    [InlineData(SQLitePCL.raw.SQLITE_INTERRUPT, true, false)]
    public void A_commit_that_SQLite_rolled_back_is_refused(int code, bool rolledBack, bool refused)
        => Assert.Equal(refused, SqliteErrors.IsCommitRefused(new SqliteException("", code), rolledBack));
}
