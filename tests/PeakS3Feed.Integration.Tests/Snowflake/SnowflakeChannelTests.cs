using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;
using PeakS3Feed.SnowflakeServer.Account;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Snowflake;

/// <summary>Statements and scripts through the channel, run by the stand-in for Snowflake.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class SnowflakeChannelTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task Rows_are_inserted_with_values_and_read_in_partitions()
    {
        await using var h = await SnowflakeChannelHarness.StartAsync();
        h.Load.Server.PartitionRows = 2;
        var channel = await h.OpenWithTableAsync();
        for (var i = 1; i <= 5; i++)
        {
            Assert.Equal(
                1,
                await channel.ExecuteAsync(
                    new("INSERT INTO \"T\" (id, name) VALUES (CAST(:id AS INTEGER), :name)", ("id", $"{i}"), ("name", "é'\\?")), default));
        }
        var rows = await channel.QueryAsync(new("SELECT id, name FROM \"T\" ORDER BY id"), default).ToListAsync();
        Assert.Equal(["1|é'\\?", "2|é'\\?", "3|é'\\?", "4|é'\\?", "5|é'\\?"], rows.Select(r => string.Join('|', r)));
        var named = await channel.QueryByNameAsync(new("SHOW WAREHOUSES LIKE 'PEAKS3FEED_WH'"), default).SingleAsync();
        Assert.Equal("PEAKS3FEED_WH", named["name"]);
        Assert.Equal(2, await channel.ExecuteAsync(new("UPDATE \"T\" SET name = 'x' WHERE id > 3"), default));
        Assert.Equal(5, await channel.ExecuteAsync(new("DELETE FROM \"T\""), default));
    }

    [SkippableFact]
    public async Task A_script_commits_all_and_a_failed_check_nothing()
    {
        await using var h = await SnowflakeChannelHarness.StartAsync();
        var channel = await h.OpenWithTableAsync();
        await channel.RunAsync(Once("1"), () => { }, default);
        Assert.Equal("1", await h.IdsAsync());
        var error = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.RunAsync(Once("2"), () => { }, default));
        Assert.Equal(("check that it's not loaded", StatementRefusal.CheckFailed), (error.Statement, error.Refusal));
        Assert.Equal("1", await h.IdsAsync());
    }

    [SkippableTheory]
    [InlineData(true, true, "insert", StatementRefusal.Missing)]
    [InlineData(true, false, "insert", StatementRefusal.Missing)]
    [InlineData(false, true, null, StatementRefusal.Missing)]
    [InlineData(false, false, null, StatementRefusal.Missing)]
    public async Task A_statement_that_fails_is_named_where_the_error_has_a_line(bool lines, bool codes, string? statement, object refusal)
    {
        await using var h = await SnowflakeChannelHarness.StartAsync(
            change: o => o with { BlockErrorsHaveLines = lines, BlockErrorsHaveCodes = codes });
        var channel = await h.OpenWithTableAsync();
        var script = new WarehouseScript(
            [.. Once("1").Statements, new("insert", "INSERT INTO \"MISSING\" (id)\n SELECT 1"), new("last", "UPDATE \"LOCK\" SET epoch = 2")], "1");
        var error = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.RunAsync(script, () => { }, default));
        Assert.Equal((statement, refusal), (error.Statement, error.Refusal));
        Assert.Equal("", await h.IdsAsync());

        await channel.RunAsync(Once("2"), () => { }, default);
        var check = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.RunAsync(Once("3"), () => { }, default));
        Assert.Equal(("check that it's not loaded", StatementRefusal.CheckFailed), (check.Statement, check.Refusal));
    }

    [SkippableFact]
    public async Task The_rows_of_a_copy_are_counted_and_the_first_refused_one_is_named()
    {
        await using var h = await SnowflakeChannelHarness.StartAsync();
        var channel = await h.OpenWithTableAsync();
        await h.Load.PutAsync("path/a.csv.gz", "1,a\n2,b\n");
        await h.Load.PutAsync("path/b.csv.gz", "3,c\n");
        await h.Load.PutAsync("path/bad.csv.gz", "4,d\nx,e\n");
        var copy = new WarehouseStatement(StandInLoad.Copy("\"T\"", "ON_ERROR = ABORT_STATEMENT", "a.csv.gz", "b.csv.gz"));
        Assert.Equal(3, await channel.ExecuteAsync(copy, default));
        Assert.Equal(0, await channel.ExecuteAsync(copy, default));

        var error = await Assert.ThrowsAsync<StatementRefusedException>(
            () => channel.ExecuteAsync(new(StandInLoad.Copy("\"T\"", "ON_ERROR = ABORT_STATEMENT", "bad.csv.gz")), default));
        Assert.Equal((StatementRefusal.RowRefused, FaultKind.RowRefused), (error.Refusal, channel.Classify(error)));
        var row = SnowflakeCopyError.Read(error.InnerException!.Message);
        Assert.Equal((2, 2, "ID", 1, "Numeric value 'x' is not recognized"), (row!.Line, row.Row, row.Column, row.Ordinal, row.Reason));
        Assert.EndsWith("path/bad.csv.gz", row.File, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_stage_that_may_not_be_read_or_is_not_there_is_said_to_be_at_fault()
    {
        await using var h = await SnowflakeChannelHarness.StartAsync();
        var channel = await h.OpenWithTableAsync();
        await h.Load.PutAsync("path/a.csv.gz", "1,a\n");
        var copy = new WarehouseStatement(StandInLoad.Copy("\"T\"", "ON_ERROR = ABORT_STATEMENT", "a.csv.gz"));
        h.Load.Server.Account.Add(new SnowflakeStage(
            $"{StandInLoad.Database}.{h.Load.Schema}.STAGE", $"s3://snowflake-stage/{h.Load.Schema}/", "S3_DENIED"));
        await AssertAsync(copy);
        await AssertAsync(copy with { Sql = copy.Sql.Replace("@\"STAGE\"", "@\"NO_STAGE\"", StringComparison.Ordinal) });

        async Task AssertAsync(WarehouseStatement statement)
        {
            var error = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.ExecuteAsync(statement, default));
            Assert.Equal(StatementRefusal.FilesRefused, error.Refusal);
            Assert.Equal("StagedFilesRefused", Assert.IsType<FeedException>(channel.Translate(error)).Id);
        }
    }

    [SkippableFact]
    public async Task Cancelling_ends_a_copy_in_the_warehouse()
    {
        await using var h = await SnowflakeChannelHarness.StartAsync();
        var channel = await h.OpenWithTableAsync();
        await h.Load.PutAsync("path/a.csv.gz", "1,a\n");
        h.Load.Server.Controls.Add(new ControlRule("stall", "^COPY INTO", ControlAction.Stall));
        using var stop = new CancellationTokenSource();
        using var limit = new CancellationTokenSource(Limit);
        var copying = channel.ExecuteAsync(new(StandInLoad.Copy("\"T\"", "ON_ERROR = ABORT_STATEMENT", "a.csv.gz")), stop.Token);
        await h.Load.Server.Controls.ReachedAsync("stall", limit.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying);
        h.Load.Server.Controls.Release("stall");
        Assert.Equal("", await h.IdsAsync());
    }

    internal static WarehouseScript Once(string token) => new(
        [
            new NamedStatement("lock", "UPDATE \"LOCK\"\n SET epoch = epoch"),
            new NamedCheck("check that it's not loaded", "COUNT(*) = 0", "\"T\""),
            new NamedStatement("insert the row", "INSERT INTO \"T\" (id) SELECT epoch FROM \"LOCK\""),
        ],
        token);
}
