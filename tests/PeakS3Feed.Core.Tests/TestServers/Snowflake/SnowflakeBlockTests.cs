using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.Tests.TestServers.Snowflake;

/// <summary>How the stand-in for Snowflake reads blocks.</summary>
public sealed class SnowflakeBlockTests
{
    private const string Check = "SELECT CASE WHEN COUNT(*) = 0 THEN 1 ELSE 0 END INTO :held FROM t;\n    IF (held = 0) THEN RAISE check_1; END IF;";

    [Fact]
    public void A_block_has_its_statements_and_checks_with_their_lines()
    {
        var block = Read(Block($"UPDATE \"L\" SET epoch = epoch;\n    {Check}"));

        Assert.Equal("committed", block.Result);
        Assert.Equal([(6, 4), (7, 4), (8, 23)], block.Steps.Select(s => (s.Line, s.Position)));
        Assert.Equal("UPDATE \"L\" SET epoch = epoch", block.Steps[0].Text);
        var check = Assert.IsType<CheckStep>(block.Steps[2]);
        Assert.Equal(("HELD", 0, new BlockException("CHECK_1", -20001, "it's not so")), (check.Variable, check.Number, check.Exception));
    }

    [Fact]
    public void A_block_needs_no_declarations()
        => Assert.Single(Read(Block("DELETE FROM t;").Replace(Declarations, "", StringComparison.Ordinal)).Steps);

    [Theory]
    [InlineData("CREATE TABLE t (a BIGINT);", "CREATE inside a transaction")]
    [InlineData("ALTER TABLE t ADD COLUMN a BIGINT;", "ALTER inside a transaction")]
    [InlineData("DROP TABLE t;", "DROP inside a transaction")]
    [InlineData("COPY INTO t FROM @s/a/ FILES = ('a');", "COPY inside a transaction")]
    [InlineData("EXECUTE IMMEDIATE 'x';", "EXECUTE inside a transaction")]
    [InlineData("SHOW WAREHOUSES LIKE 'x';", "SHOW statements")]
    [InlineData("DELETE FROM t WHERE a = ?;", "parameters in a block")]
    [InlineData("SELECT a FROM t;", "whose result nothing takes")]
    [InlineData("SELECT a INTO :other FROM t;", "invalid identifier 'OTHER'")]
    [InlineData("SELECT a INTO held FROM t;", "unexpected 'held'")]
    [InlineData("IF (other = 0) THEN RAISE check_1; END IF;", "invalid identifier 'OTHER'")]
    [InlineData("IF (held = 0) THEN RAISE check_2; END IF;", "invalid identifier 'CHECK_2'")]
    [InlineData("IF (held > 0) THEN RAISE check_1; END IF;", "unexpected '>'")]
    [InlineData("IF (held = 0) THEN DELETE FROM t; END IF;", "unexpected 'DELETE'")]
    [InlineData("LET x INTEGER := 1;", "LET statements")]
    [InlineData("COMMIT;\n    COMMIT;", "unexpected 'COMMIT'")]
    [InlineData("BEGIN TRANSACTION;", "BEGIN statements")]
    [InlineData("DELETE FROM t", "unexpected 'COMMIT'")]
    public void Other_statements_are_refused(string statements, string message)
        => Assert.Contains(message, Assert.Throws<RefusalException>(() => Read(Block(statements))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("BEGIN TRANSACTION;", "", "unexpected 'DELETE'")]
    [InlineData("  COMMIT;\n", "", "RETURN statements")]
    [InlineData("  RETURN 'committed';\n", "", "unexpected 'EXCEPTION'")]
    [InlineData("ROLLBACK;", "", "unexpected 'RAISE'")]
    [InlineData("RAISE;", "", "unexpected 'END'")]
    [InlineData("EXCEPTION\n  WHEN OTHER THEN\n    ROLLBACK;\n    RAISE;\n", "", "unexpected 'END'")]
    [InlineData("-20001", "-1", "unexpected '1'")]
    [InlineData("held INTEGER", "held VARCHAR", "unexpected 'VARCHAR'")]
    [InlineData("held INTEGER", "check_1 INTEGER", "duplicate declaration")]
    public void Another_form_is_refused(string part, string other, string message)
    {
        var block = Block("DELETE FROM t;");
        Assert.Contains(part, block, StringComparison.Ordinal);

        var error = Assert.Throws<RefusalException>(() => Read(block.Replace(part, other, StringComparison.Ordinal)));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private const string Declarations = "DECLARE\n  check_1 EXCEPTION (-20001, 'it''s not so');\n  held INTEGER;\n";

    private static string Block(string statements) => $$"""
        {{Declarations}}BEGIN
          BEGIN TRANSACTION;
            {{statements}}
          COMMIT;
          RETURN 'committed';
        EXCEPTION
          WHEN OTHER THEN
            ROLLBACK;
            RAISE;
        END;
        """.ReplaceLineEndings("\n");

    private static BlockStatement Read(string block)
    {
        var literal = block.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
        return Assert.IsType<BlockStatement>(SnowflakeStatement.Read($"EXECUTE IMMEDIATE '{literal}'", new SnowflakeScope("D", "S")));
    }
}
