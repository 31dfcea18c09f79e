using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Warehouses;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>The block that is one transaction, and the statement that a message names.</summary>
public sealed class SnowflakeScriptTests
{
    private static readonly WarehouseScript Script = new(
    [
        new NamedStatement("lock", "UPDATE \"LOCK\"\n  SET epoch = epoch"),
        new NamedCheck("check the customer's epoch", "COUNT(*) = 1", "\"LOCK\" k\n  WHERE k.run_id = 'x'"),
        new NamedCheck("check the count", "COUNT(*) = 0", "\"A\\B\""),
        new NamedStatement("insert", "INSERT INTO \"two\nlines\"\n  (c) SELECT 'it''s'"),
        new NamedStatement("record", "UPDATE t SET a = 1"),
    ]);

    private const string Block = """
        DECLARE
          check_1 EXCEPTION (-20001, 'peaks3feed: check the customer''s epoch');
          check_2 EXCEPTION (-20002, 'peaks3feed: check the count');
          held INTEGER;
        BEGIN
          BEGIN TRANSACTION;
          UPDATE "LOCK" SET epoch = epoch;
          SELECT CASE WHEN COUNT(*) = 1 THEN 1 ELSE 0 END INTO :held FROM "LOCK" k WHERE k.run_id = 'x';
          IF (held = 0) THEN RAISE check_1; END IF;
          SELECT CASE WHEN COUNT(*) = 0 THEN 1 ELSE 0 END INTO :held FROM "A\B";
          IF (held = 0) THEN RAISE check_2; END IF;
          INSERT INTO "two
        lines" (c) SELECT 'it''s';
          UPDATE t SET a = 1;
          COMMIT;
          RETURN 'committed';
        EXCEPTION
          WHEN OTHER THEN
            ROLLBACK;
            RAISE;
        END;
        """;

    [Fact]
    public void A_script_is_one_block_in_a_transaction()
    {
        var script = new SnowflakeScript(Script);
        Assert.Equal(Block, script.Block);
        Assert.Equal(
            $"EXECUTE IMMEDIATE '{Block.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'", script.Sql);
    }

    [Fact]
    public void A_script_without_checks_has_the_same_form()
        => Assert.StartsWith(
            "DECLARE\n  held INTEGER;\nBEGIN\n  BEGIN TRANSACTION;\n  UPDATE t SET a = 1;\n  COMMIT;\n",
            new SnowflakeScript(new([new NamedStatement("a", "UPDATE t SET a = 1")])).Block, StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "Uncaught exception of type 'CHECK_1' on line 9 at position 27 : peaks3feed: check the customer's epoch", "check the customer's epoch")]
    [InlineData("Uncaught exception of type 'CHECK_2' : peaks3feed: check the count", "check the count")]
    [InlineData("Uncaught exception of type 'CHECK_2'", "check the count")]
    [InlineData("peaks3feed: check the count", "check the count")]
    [InlineData("Uncaught exception of type 'EXPRESSION_ERROR' on line 9 at position 3 : words", "check the customer's epoch")]
    [InlineData("Uncaught exception of type 'CHECK_9' on line 19 at position 4 : peaks3feed: another check", null)]
    [InlineData("Uncaught exception of type 'STATEMENT_ERROR' on line 7 at position 4 : words", "lock")]
    [InlineData("Uncaught exception of type 'STATEMENT_ERROR' on line 8 at position 4 : words", "check the customer's epoch")]
    [InlineData("Uncaught exception of type 'STATEMENT_ERROR' on line 12 at position 4 : words", "insert")]
    [InlineData("Uncaught exception of type 'STATEMENT_ERROR' on line 13 at position 4 : words", "insert")]
    [InlineData("Uncaught exception of type 'STATEMENT_ERROR' on line 14 at position 4 : words", "record")]
    [InlineData("Uncaught exception of type 'STATEMENT_ERROR' on line 15 at position 4 : words", "commit")]
    [InlineData("Uncaught exception of type 'STATEMENT_ERROR' in file x.sql on line 14 at position 4:\nwords", "record")]
    [InlineData(
        "Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 0 : "
            + "Uncaught exception of type 'STATEMENT_ERROR' on line 14 at position 4 : words", "record")]
    [InlineData(
        "Uncaught exception of type 'STATEMENT_ERROR' on line 14 at position 4 : error line 3 at position 28 invalid identifier 'X'", "record")]
    [InlineData("Uncaught exception of type 'STATEMENT_ERROR' on line 20 at position 4 : words", null)] // raised again
    [InlineData("Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 4 : words", null)]
    [InlineData("words on line 14", null)]
    [InlineData("words", null)]
    public void The_message_names_the_statement(string message, string? statement)
        => Assert.Equal(statement, new SnowflakeScript(Script).FindFailed(message)?.Name);

    [Theory]
    [InlineData("words : more", "words : more")]
    [InlineData("Uncaught exception of type 'STATEMENT_ERROR' on line 17 at position 4 : words : more", "words : more")]
    [InlineData("Uncaught exception of type 'STATEMENT_ERROR' : words", "words")]
    [InlineData("Uncaught exception of type 'STATEMENT_ERROR' in file a/b.sql on line 1 at position 0:\nwords", "words")]
    [InlineData("Uncaught exception of type 'A' on line 1 at position 0 : Uncaught exception of type 'B' on line 2 at position 3 : words", "words")]
    public void What_a_block_puts_before_an_error_is_removed(string message, string expected)
        => Assert.Equal(expected, SnowflakeScript.Unwrap(message));
}
