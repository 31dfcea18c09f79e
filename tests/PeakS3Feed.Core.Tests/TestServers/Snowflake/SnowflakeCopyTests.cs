using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.Tests.TestServers.Snowflake;

/// <summary>How the stand-in for Snowflake reads COPY INTO, LIST and DESC STAGE.</summary>
public sealed class SnowflakeCopyTests
{
    private const string Format = """
        FILE_FORMAT = (TYPE = CSV COMPRESSION = GZIP FIELD_DELIMITER = ',' RECORD_DELIMITER = '\n' FIELD_OPTIONALLY_ENCLOSED_BY = '"'
            ESCAPE = NONE ESCAPE_UNENCLOSED_FIELD = NONE NULL_IF = ('@n@') EMPTY_FIELD_AS_NULL = FALSE
            TRIM_SPACE = FALSE SKIP_HEADER = 0 SKIP_BLANK_LINES = FALSE REPLACE_INVALID_CHARACTERS = FALSE ENCODING = 'UTF8'
            ERROR_ON_COLUMN_COUNT_MISMATCH = TRUE DATE_FORMAT = 'YYYY-MM-DD')
        """;

    private const string Load = "ON_ERROR = ABORT_STATEMENT PURGE = FALSE FORCE = FALSE TRUNCATECOLUMNS = FALSE";

    private const string Files = "FILES = ('a.csv.gz', 'b.csv.gz')";

    [Theory]
    [InlineData("@\"D\".\"S\".\"St\"/a/b-c_1.2/", "D.S.St", "a/b-c_1.2/")]
    [InlineData("@stage/", "STAGE", "")]
    [InlineData("@stage", "STAGE", "")]
    [InlineData("'@stage/a b/'", "STAGE", "a b/")]
    [InlineData("'@s.\"x\"/it''s/'", "S.x", "it's/")]
    public void A_COPY_has_its_table_files_and_place(string location, string stage, string path)
    {
        var copy = Copy($"COPY INTO \"T\" FROM {location} {Files} {Format} {Load}");

        Assert.Equal(["T"], copy.Table);
        Assert.Equal((stage, path), (string.Join('.', copy.Location.Stage), copy.Location.Path));
        Assert.Equal(["a.csv.gz", "b.csv.gz"], copy.Files);
        Assert.Equal(["@n@"], copy.Nulls);
        Assert.Equal((true, false, false), (copy.Gzip, copy.LacksColumns, copy.OnlyValidates));
    }

    [Fact]
    public void A_COPY_may_only_validate()
        => Assert.True(Copy($"COPY INTO t FROM @s/a/ {Files} {Format} VALIDATION_MODE = RETURN_ALL_ERRORS").OnlyValidates);

    [Fact]
    public void A_COPY_of_files_with_a_header_has_their_format()
    {
        var format = Format.Replace("SKIP_HEADER = 0 SKIP_BLANK_LINES = FALSE", "SKIP_HEADER = 1 SKIP_BLANK_LINES = TRUE", StringComparison.Ordinal)
            .Replace("GZIP FIELD_DELIMITER = ','", @"NONE FIELD_DELIMITER = '\t'", StringComparison.Ordinal)
            .Replace("NULL_IF = ('@n@') EMPTY_FIELD_AS_NULL = FALSE", "NULL_IF = ('a', '') EMPTY_FIELD_AS_NULL = TRUE", StringComparison.Ordinal);

        var copy = Copy($"COPY INTO t FROM @s {Files} {format} {Load}");

        Assert.Equal((false, '\t', 1, true, true), (copy.Gzip, copy.Delimiter, copy.HeaderLines, copy.SkipsBlankLines, copy.EmptyFieldAsNull));
        Assert.Equal(["a", ""], copy.Nulls);
    }

    [Theory]
    [InlineData("FILES = ('a')", "ON_ERROR = CONTINUE", "unexpected 'CONTINUE'")]
    [InlineData("FILES = ('a')", "", "without ON_ERROR")]
    [InlineData("FILES = ('a')", "ON_ERROR = ABORT_STATEMENT FORCE = TRUE", "unexpected 'FORCE'")]
    [InlineData("FILES = ('a')", "ON_ERROR = ABORT_STATEMENT PURGE = FALSE FORCE = TRUE", "unexpected 'TRUE'")]
    [InlineData("FILES = ('a')", "VALIDATION_MODE = RETURN_ERRORS", "unexpected 'RETURN_ERRORS'")]
    [InlineData("FILES = ('a')", "ON_ERROR = ABORT_STATEMENT VALIDATION_MODE = RETURN_ALL_ERRORS", "unexpected 'VALIDATION_MODE'")]
    [InlineData("FILES = ('a', 'a')", "ON_ERROR = ABORT_STATEMENT", "a file twice")]
    [InlineData("PATTERN = '.*'", "ON_ERROR = ABORT_STATEMENT", "without FILES")]
    public void Other_options_are_refused(string files, string end, string message)
        => Assert.Contains(
            message, Assert.Throws<RefusalException>(() => Copy($"COPY INTO t FROM @s/a/ {files} {Format} {end}")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("COMPRESSION = GZIP", "COMPRESSION = AUTO", "COMPRESSION = auto")]
    [InlineData("TYPE = CSV", "TYPE = JSON", "TYPE = json")]
    [InlineData("TYPE = CSV ", "", "without TYPE")]
    [InlineData("EMPTY_FIELD_AS_NULL = FALSE", "EMPTY_FIELD_AS_NULL = TRUE", "without a header")]
    [InlineData("COMPRESSION = GZIP", "COMPRESSION = NONE", "without a header")]
    [InlineData("FIELD_DELIMITER = ','", "FIELD_DELIMITER = ';'", "without a header")]
    [InlineData("SKIP_BLANK_LINES = FALSE", "SKIP_BLANK_LINES = TRUE", "without a header")]
    [InlineData(" DATE_FORMAT = 'YYYY-MM-DD'", "", "without a header")]
    [InlineData("SKIP_HEADER = 0", "SKIP_HEADER = 2", "unexpected '2'")]
    [InlineData("ERROR_ON_COLUMN_COUNT_MISMATCH = TRUE", "", "without ERROR_ON_COLUMN_COUNT_MISMATCH")]
    [InlineData("TRIM_SPACE = FALSE", "TRIM_SPACE = FALSE TRIM_SPACE = FALSE", "option TRIM_SPACE")]
    [InlineData("NULL_IF = ('@n@') ", "", "without NULL_IF")]
    [InlineData("NULL_IF = ('@n@')", "NULL_IF = ('a', 'b')", "without a header")]
    [InlineData("'YYYY-MM-DD'", "AUTO", "DATE_FORMAT = auto")]
    public void Another_file_format_is_refused(string option, string other, string message)
    {
        var format = Format.Replace(option, other, StringComparison.Ordinal);
        var sql = $"COPY INTO t FROM @s/a/ {Files} {format} {Load}";

        Assert.Contains(message, Assert.Throws<RefusalException>(() => Copy(sql)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_COPY_has_at_most_1000_files()
    {
        string Sql(int count) => $"COPY INTO t FROM @s/a/ FILES = ({string.Join(", ", Enumerable.Range(0, count).Select(i => $"'{i}'"))}) {Format} "
            + Load;

        Assert.Equal(1000, Copy(Sql(1000)).Files.Count);
        Assert.Contains("1000", Assert.Throws<RefusalException>(() => Copy(Sql(1001))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("COPY INTO t FROM (SELECT $1 FROM @s/a/)", "a transformation")]
    [InlineData("COPY INTO @s/a/ FROM t", "COPY INTO a location")]
    [InlineData("COPY INTO t FROM 's3://b/k/'", "unexpected")]
    [InlineData("COPY INTO t FROM @s/a FILES = ('a')", "does not end in a slash")]
    [InlineData("LIST @s/a", "does not end in a slash")]
    public void Other_places_are_refused(string sql, string message)
        => Assert.Contains(message, Assert.Throws<RefusalException>(() => Read(sql)).Message, StringComparison.Ordinal);

    [Fact]
    public void Stages_are_listed_and_described()
    {
        var list = Assert.IsType<StageStatement>(Read("LIST @\"S\"/a/b/"));
        var description = Assert.IsType<StageStatement>(Read("DESC STAGE \"D\".\"S\".\"X\""));

        Assert.Equal((true, "a/b/"), (list.IsList, list.Location.Path));
        Assert.Equal((false, "D.S.X"), (description.IsList, string.Join('.', description.Location.Stage)));
    }

    private static CopyIntoStatement Copy(string sql) => Assert.IsType<CopyIntoStatement>(Read(sql));

    private static SnowflakeStatement Read(string sql) => SnowflakeStatement.Read(sql, new SnowflakeScope("D", "S"));
}
