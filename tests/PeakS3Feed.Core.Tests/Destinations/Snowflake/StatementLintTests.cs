using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>Each rule for statements refuses a statement that breaks it, and no other.</summary>
public sealed class StatementLintTests
{
    private static readonly StatementLint Lint = new(new HashSet<string>(["ORDERS", "ID", "STAGE"], StringComparer.Ordinal), ["hush"]);

    private static readonly NamedStatement Lock = new("lock", "UPDATE \"PEAKS3FEED_LOAD\" SET epoch = epoch");

    private static string Block => new SnowflakeScript(new([Lock, new NamedCheck(CommitScript.EpochCheck, "COUNT(*) = 1", "\"ORDERS\"")])).Sql;

    [Theory]
    [InlineData("SELECT COUNT(*) FROM \"ORDERS\" WHERE feed_id = ?", "x")]
    [InlineData("COPY INTO \"ORDERS\" (\"ID\") FROM @\"STAGE\"/ab12-3/ FILES = ('part-00001.csv.gz', 'part-00002.csv.gz') NULL_IF = ('~abcde')")]
    [InlineData("SHOW WAREHOUSES LIKE 'WH'")]
    [InlineData("LIST @\"STAGE\"/test/")]
    public void A_statement_that_keeps_them_is_taken(string sql, params string[] values) => Assert.Empty(Lint.Check(sql, values));

    [Fact]
    public void A_block_that_keeps_them_is_taken() => Assert.Empty(Lint.Check(Block, []));

    [Theory]
    [InlineData("SELECT COUNT(*) FROM orders", "orders is neither")] // a name without quotes
    [InlineData("SELECT COUNT(*) FROM \"OTHER\"", "\"OTHER\"")] // a name that nobody chose
    [InlineData("SELECT COUNT(*) FROM \"ORDERS\" WHERE feed_id = 'x'", "'x' is not ours")] // a value without a parameter
    [InlineData("SELECT COUNT(*) FROM \"ORDERS\" WHERE feed_id = 'hush'", "hush")]
    [InlineData("SELECT COUNT(*) FROM \"ORDERS\" WHERE feed_id = ?", "1 parameters and 0 values")]
    [InlineData("SELECT COUNT(*) FROM \"ORDERS\"", "0 parameters and 1 values", "x")]
    [InlineData("SELECT COUNT(*) FROM \"ORDERS\" WHERE feed_id = ?", "empty", "")]
    [InlineData("SELECT COUNT(*) FROM \"ORDERS\" WHERE feed_id = :feed", "not translated")]
    [InlineData("SELECT COUNT(*) FROM \"ORDERS\" -- x", "comment")]
    [InlineData("SELECT COUNT(*) FROM \"ORDERS\" /* x */ WHERE feed_id IS NULL", "comment")]
    [InlineData("DROP TABLE \"ORDERS\"; DROP TABLE \"ORDERS\"", "semicolon")]
    [InlineData("LIST @\"OTHER\"/test/", "OTHER")]
    [InlineData("LIST @STAGE/te'st/", "te")]
    [InlineData("COPY INTO \"ORDERS\" FROM @\"STAGE\"/a/ FILES = ('../x.csv.gz')", "not ours")]
    [InlineData("COPY INTO \"ORDERS\" FROM @\"STAGE\"/a/ FILES = ('x.csv.gz') NULL_IF = ('x')", "not ours")]
    public void A_statement_that_breaks_one_is_refused(string sql, string problem, params string[] values)
    {
        IReadOnlyList<string> problems;
        try
        {
            problems = Lint.Check(sql, values);
        }
        catch (RefusalException e)
        {
            problems = [e.Message];
        }
        Assert.Contains(problems, p => p.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SET epoch = epoch;", "SET epoch = epoch; COMMIT;", "on one line")]
    [InlineData("SET epoch = epoch;", "\n  SET epoch = epoch;", "on two lines")]
    [InlineData("UPDATE \"PEAKS3FEED_LOAD\" SET epoch = epoch", "DROP TABLE \"ORDERS\"", "no definition")]
    [InlineData("UPDATE \"PEAKS3FEED_LOAD\" SET epoch = epoch", "COPY INTO \"ORDERS\" FROM \"ORDERS\"", "no definition")]
    [InlineData("\n  IF (held = 0) THEN RAISE check_1; END IF;", "", "raises")]
    [InlineData("\n  IF (held = 0) THEN RAISE check_1; END IF;", "", "Nothing checks")]
    [InlineData(" INTO :held", "", "Nothing takes")]
    [InlineData("peaks3feed: check that this run still has the feed", "peaks3feed: another check", "not ours")]
    [InlineData("peaks3feed: check that this run still has the feed", "check that this run still has the feed", "not ours")]
    [InlineData("check_1 EXCEPTION", "check_2 EXCEPTION", "declares")]
    [InlineData("SET epoch = epoch", "SET host = ''x''", "'x' is not ours")]
    [InlineData("SET epoch = epoch", "SET epoch = epoch WHERE id = :id", "not translated")]
    public void A_block_that_breaks_one_is_refused(string part, string instead, string problem)
    {
        var broken = Block.Replace(part, instead, StringComparison.Ordinal);
        Assert.NotEqual(Block, broken);
        Assert.Contains(Lint.Check(broken, []), p => p.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void A_COPY_names_at_most_1000_files(int files, bool isTaken)
    {
        var copy = $"COPY INTO \"ORDERS\" FROM @\"STAGE\"/a/ FILES = ({string.Join(", ", Enumerable.Repeat("'x.csv.gz'", files))})";
        Assert.Equal(isTaken, Lint.Check(copy, []).Count == 0);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_statement_has_at_most_1_MiB(int more, bool isTaken)
    {
        const string Select = "SELECT COUNT(*) FROM \"ORDERS\"";
        Assert.Equal(isTaken, Lint.Check(Select + new string(' ', (1024 * 1024) - Select.Length + more), []).Count == 0);
    }
}
