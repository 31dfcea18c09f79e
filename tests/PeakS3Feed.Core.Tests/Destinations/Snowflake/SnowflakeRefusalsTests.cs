using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>What Snowflake's codes, SQLSTATEs and messages mean.</summary>
public sealed class SnowflakeRefusalsTests
{
    private const string Advice = "\n  If you would like to continue loading when an error is encountered, use other values such as 'SKIP_FILE' or "
        + "'CONTINUE' for the ON_ERROR option. For more information on loading options, please run 'info loading_data' in a SQL client.";

    private const string Block = "Uncaught exception of type 'STATEMENT_ERROR' on line 17 at position 4 : ";

    public static TheoryData<string?, string?, string, string> Refusals => new()
    {
        { "000625", "57014", "Statement '01b' has locked table 'T' in transaction 17 and this lock has not yet been released. Your statement '01c' "
            + "was aborted because the number of waiters for this lock exceeds the 20 statements limit.", nameof(StatementRefusal.Conflict) },
        { "100183", "57014", Block + "Your statement was aborted because it waited too long for a lock", nameof(StatementRefusal.Conflict) },
        { "000625", "57014", "words", nameof(StatementRefusal.Conflict) },
        { null, null, "Transaction 17 was aborted: deadlock detected", nameof(StatementRefusal.Conflict) },
        { "000606", "57P03", "No active warehouse selected in the current session.", nameof(StatementRefusal.NotReady) },
        { "000603", "XX000", "SQL execution internal error: Processing aborted by error 300010:391167117", nameof(StatementRefusal.NotReady) },
        { null, "57P03", "words", nameof(StatementRefusal.NotReady) },
        { "091003", "55000", "Failure using stage area. Cause: [Please reduce your request rate. (Status Code: 503; Error Code: SlowDown)]",
            nameof(StatementRefusal.NotReady) },
        { "090001", "P0001", "Uncaught exception of type 'CHECK_1' on line 14 at position 27 : peaks3feed: check the count",
            nameof(StatementRefusal.CheckFailed) },
        { "002002", "42710", "SQL compilation error:\nObject 'T' already exists.", nameof(StatementRefusal.Exists) },
        { "001430", "42601", Block + "SQL compilation error:\ncolumn 'C' already exists", nameof(StatementRefusal.Exists) },
        { "002003", "02000", "SQL compilation error:\nObject 'A.B.T' does not exist or not authorized.", nameof(StatementRefusal.Missing) },
        { "002043", "02000", "SQL compilation error:\nObject does not exist, or operation cannot be performed.", nameof(StatementRefusal.Missing) },
        { "000904", "42000", "SQL compilation error: error line 1 at position 7\ninvalid identifier 'C'", nameof(StatementRefusal.Missing) },
        { "090001", "P0001", Block + "SQL compilation error:\nObject 'A.B.PEAKS3FEED_STAGE_1' does not exist or not authorized.",
            nameof(StatementRefusal.Missing) },
        { "003001", "42501", "SQL access control error:\nInsufficient privileges to operate on schema 'S'", nameof(StatementRefusal.Denied) },
        { null, "42501", "words", nameof(StatementRefusal.Denied) },
        { "002003", "02000", "SQL compilation error:\nStage 'A.B.S' does not exist or not authorized.", nameof(StatementRefusal.FilesRefused) },
        { "002003", "02000", "SQL compilation error:\nIntegration 'I' does not exist or not authorized.", nameof(StatementRefusal.FilesRefused) },
        { "091003", "55000", "Failure using stage area. Cause: [Access Denied (Status Code: 403; Error Code: AccessDenied)]",
            nameof(StatementRefusal.FilesRefused) },
        { "091016", "22000", "Remote file 's3://b/x.csv.gz' was not found.", nameof(StatementRefusal.FilesRefused) },
        { "003167", "42601", "Error assuming AWS_ROLE:\nUser: arn:aws:iam::1:user/x is not authorized to perform: sts:AssumeRole",
            nameof(StatementRefusal.FilesRefused) },
        { "100038", "22018", "Numeric value 'abc' is not recognized\n  File 'p/a.csv.gz', line 3, character 12\n  Row 3, column \"N\"[3]" + Advice,
            nameof(StatementRefusal.RowRefused) },
        { "100016", "22000", "Found character 'x' instead of field delimiter ','\n  File 'a', line 1, character 1\n  Row 1, column \"T\"[1]",
            nameof(StatementRefusal.RowRefused) },
        { "100038", "22018", "Numeric value 'abc' is not recognized", nameof(StatementRefusal.Other) },
        { "000604", "57014", "SQL execution canceled", nameof(StatementRefusal.Cancelled) },
        { "000630", "57014", "Statement reached its statement or warehouse timeout of 3 second(s) and was canceled.",
            nameof(StatementRefusal.Cancelled) },
        { "001003", "42000", "SQL compilation error:\nsyntax error line 1 at position 0 unexpected 'X'.", nameof(StatementRefusal.Other) },
        { null, null, "", nameof(StatementRefusal.Other) },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void An_answer_says_why(string? code, string? state, string message, string refusal)
        => Assert.Equal(refusal, SnowflakeRefusals.Read(new(422, message) { Code = code, SqlState = state }).ToString());

    [Fact]
    public void A_timeout_is_a_cancellation_whatever_its_words()
        => Assert.Equal(StatementRefusal.Cancelled, SnowflakeRefusals.Read(new(408, "words") { Code = "000001" }));

    [Fact]
    public void A_message_is_shown_in_one_line_without_the_words_of_the_block_and_the_advice()
        => Assert.Equal(
            "Numeric value 'abc' is not recognized File 'p/a.csv.gz', line 3, character 12 Row 3, column \"N\"[\"C\":3]",
            SnowflakeRefusals.Clean(
                Block + "Numeric value 'abc' is not recognized\n  File 'p/a.csv.gz', line 3, character 12\n  Row 3, column \"N\"[\"C\":3]" + Advice));

    public static TheoryData<string, string, long, long, long, string, int, string> CopyErrors => new()
    {
        { "\n  Row 2, column \"N\"[\"C\":4]", "p/a.csv.gz", 3, 12, 2, "C", 4, "Numeric value 'abc' is not recognized" },
        { "\n  Row 2 starts at line 5, column \"N\"[\"a \"\"b\"\":1]\":9]", "a", 7, 1, 2, "a \"b\":1]", 9, "Too long" },
        { "\n  Row 1, column \"N\"[4]", "a", 3, 1, 1, "", 4, "Number of columns differs" },
        { "\n  ", "a", 3, 1, 0, "", 0, "End of record" },
        { "\n  Row 3, column \"N\"[\"C\":3]", "a", 3, 1, 3, "C", 3, "Value 'x\n  File 'z', line 9, character 9\n  Row 9, column \"Z\"[\"Z\":9]'" },
    };

    [Theory]
    [MemberData(nameof(CopyErrors))]
    public void The_first_refused_row_is_read_from_the_error_of_a_copy(
        string end, string file, long line, long character, long row, string column, int ordinal, string reason)
        => Assert.Equal(
            new SnowflakeCopyError(file, line, character, row, column, ordinal, reason),
            SnowflakeCopyError.Read($"{reason}\n  File '{file}', line {line}, character {character}{end}{Advice}"));

    [Theory]
    [InlineData("Numeric value 'abc' is not recognized")]
    [InlineData("Remote file 'x' was not found, line 3")]
    public void Another_error_names_no_row(string message) => Assert.Null(SnowflakeCopyError.Read(message));

    [Theory]
    [InlineData(nameof(StatementRefusal.NotReady), "load_wh", "ALTER WAREHOUSE \"LOAD_WH\" RESUME;")]
    [InlineData(nameof(StatementRefusal.NotReady), null, "Warehouse")]
    [InlineData(
        nameof(StatementRefusal.Denied), "load_wh",
        "USAGE on the warehouse, on database \"ANALYTICS\" and on the stage PEAKS3FEED_STAGE, USAGE and CREATE TABLE on schema ")]
    [InlineData(nameof(StatementRefusal.Missing), "load_wh", "SHOW GRANTS")]
    [InlineData(nameof(StatementRefusal.FilesRefused), "load_wh", "DESC STAGE \"PEAKS3FEED_STAGE\";")]
    [InlineData(nameof(StatementRefusal.Conflict), "load_wh", "SHOW LOCKS;")]
    [InlineData(nameof(StatementRefusal.Conflict), "load_wh", "SELECT SYSTEM$ABORT_TRANSACTION(…);")]
    [InlineData(nameof(StatementRefusal.Cancelled), "load_wh", "STATEMENT_TIMEOUT_IN_SECONDS")]
    [InlineData(nameof(StatementRefusal.Other), "load_wh", "Fix what Snowflake reports")]
    public void The_error_to_show_says_what_to_do(string refusal, string? warehouse, string hint)
    {
        var errors = new SnowflakeErrors(SqlApiHarness.Plain with { Warehouse = warehouse }, "here");
        var refused = new StatementRefusedException(
            "x", Enum.Parse<StatementRefusal>(refusal), "words", new SqlApiException(422, "words") { Code = "1" });
        var error = Assert.IsType<FeedException>(errors.Translate(new StatementInDoubtException(refused)));
        Assert.DoesNotContain("CREATE STAGE", error.Hint, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
        var id = refusal == nameof(StatementRefusal.FilesRefused) ? "StagedFilesRefused" : "DestinationRefused";
        Assert.Equal(("1", id), (error.ServiceCode, error.Id));
    }
}
