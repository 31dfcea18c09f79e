using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Snowflake;

/// <summary>Blocks of the stand-in for Snowflake: one transaction, checks, and locks.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class StandInBlockTests
{
    [SkippableFact]
    public async Task A_block_commits_all_or_nothing()
    {
        await using var load = await StandInLoad.OpenAsync();
        await PrepareAsync(load);

        Assert.Equal(["committed"], await load.RunAsync(Block("INSERT INTO t (id) SELECT epoch FROM \"LOCK\";")));
        Assert.Equal(["1"], await load.RunAsync("SELECT COUNT(*) FROM t"));

        // Now the check fails.
        Assert.Equal(
            ("-20001", "Uncaught exception of type 'CHECK_1' on line 8 at position 21 : peaks3feed: it isn't there"),
            await load.FailAsync(Block("INSERT INTO t (id) VALUES (2);")));
        await load.RunAsync("DELETE FROM t");
        var (code, message) = await load.FailAsync(Block("INSERT INTO t (id) VALUES (2);\n  INSERT INTO t (id) VALUES (NULL);"));
        Assert.Equal("100072", code);
        Assert.Equal("Uncaught exception of type 'STATEMENT_ERROR' on line 10 at position 2 : NULL result in a non-nullable column", message);
        Assert.Equal(["0"], await load.RunAsync("SELECT COUNT(*) FROM t"));
    }

    [SkippableFact]
    public async Task An_error_may_lack_its_line_and_its_code()
    {
        await using var load = await StandInLoad.OpenAsync(o => o with { BlockErrorsHaveLines = false, BlockErrorsHaveCodes = false });
        await PrepareAsync(load);

        Assert.Equal(
            ("100183", "Uncaught exception of type 'STATEMENT_ERROR' : NULL result in a non-nullable column"),
            await load.FailAsync(Block("INSERT INTO t (id) VALUES (NULL);")));
    }

    [SkippableFact]
    public async Task The_second_of_two_blocks_waits_for_the_lock_and_sees_what_the_first_has_done()
    {
        await using var load = await StandInLoad.OpenAsync();
        await PrepareAsync(load);
        load.Server.Controls.Add(new ControlRule("stall", "^INSERT INTO t ", ControlAction.Stall));
        var first = load.SubmitAsync(Block("INSERT INTO t (id) VALUES (1);"));
        await load.Server.Controls.ReachedAsync("stall", CancellationToken.None);
        var second = load.SubmitAsync(Block("INSERT INTO t (id) VALUES (2);"));
        await Task.Delay(300);

        // INSERT and COPY do not wait; another table's UPDATE does not either.
        await load.RunAsync("INSERT INTO \"LOCK\" (epoch) VALUES (9)");
        await load.RunAsync("DELETE FROM s");
        Assert.False(second.IsCompleted);
        load.Server.Controls.Release("stall");

        Assert.Equal(["committed"], (await first).Rows);
        Assert.Equal("-20001", (await second).Code);
        Assert.Equal(["1"], await load.RunAsync("SELECT id FROM t"));
    }

    [SkippableFact]
    public async Task A_block_that_is_cancelled_leaves_nothing()
    {
        await using var load = await StandInLoad.OpenAsync();
        await PrepareAsync(load);
        load.Server.Controls.Add(new ControlRule("stall", "^COMMIT ", ControlAction.Stall));
        var started = await load.SubmitAsync(Block("INSERT INTO t (id) VALUES (1);"), "?async=true");
        await load.Server.Controls.ReachedAsync("stall", CancellationToken.None);

        Assert.Equal("000604", (await load.CancelAsync(started.Handle)).Code);
        Assert.Equal("000604", (await load.WaitAsync(started.Handle)).Code);
        load.Server.Controls.Release("stall");
        Assert.Equal(["0"], await load.RunAsync("SELECT COUNT(*) FROM t"));
    }

    private static async Task PrepareAsync(StandInLoad load)
    {
        await load.RunAsync("CREATE TABLE \"LOCK\" (epoch BIGINT NOT NULL) AS SELECT 1");
        await load.RunAsync("CREATE TABLE t (id BIGINT NOT NULL)");
        await load.RunAsync("CREATE TABLE s (id BIGINT)");
    }

    private static string Block(string statements)
    {
        var block = $"""
            DECLARE
              check_1 EXCEPTION (-20001, 'peaks3feed: it isn''t there');
              held INTEGER;
            BEGIN
              BEGIN TRANSACTION;
              UPDATE "LOCK" SET epoch = epoch;
              SELECT CASE WHEN COUNT(*) = 0 THEN 1 ELSE 0 END INTO :held FROM t;
              IF (held = 0) THEN RAISE check_1; END IF;
              {statements}
              COMMIT;
              RETURN 'committed';
            EXCEPTION
              WHEN OTHER THEN
                ROLLBACK;
                RAISE;
            END;
            """.ReplaceLineEndings("\n");
        return $"EXECUTE IMMEDIATE '{block.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
    }
}
