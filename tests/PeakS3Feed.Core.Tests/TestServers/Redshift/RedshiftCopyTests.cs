using System.Text;
using PeakS3Feed.TestServers.Csv;
using PeakS3Feed.TestServers.Redshift;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.Tests.TestServers.Redshift;

/// <summary>How the stand-in for Redshift reads COPY statements, manifests, CSV and values.</summary>
public sealed class RedshiftCopyTests
{
    private const string Start = "COPY \"S\".t (\"A\", b) FROM 's3://bucket/a.manifest' IAM_ROLE 'arn:aws:iam::123456789012:role/copy'";

    [Fact]
    public void A_COPY_has_its_table_columns_and_options()
    {
        var copy = Copy(Start + """
             MANIFEST FORMAT AS CSV GZIP NULL AS '@n@' TIMEFORMAT 'auto' DATEFORMAT 'YYYY-MM-DD' ENCODING UTF8 COMPUPDATE OFF STATUPDATE OFF
            """);

        Assert.Equal(("\"s\".\"t\"", "t", "s3://bucket/a.manifest"), (copy.QuotedTable, copy.TableName, copy.Manifest));
        Assert.Equal(["a", "b"], copy.Columns);
        Assert.Equal((true, ',', "@n@", false, true), (copy.Gzip, copy.Delimiter, copy.Null, copy.AnyDate, copy.AnyTime));
    }

    [Fact]
    public void A_COPY_of_files_with_a_header_has_their_options()
    {
        var copy = Copy(Start + " MANIFEST CSV DELIMITER AS '\t' IGNOREHEADER 1 IGNOREBLANKLINES EMPTYASNULL");

        Assert.Equal(('\t', 1, true, true, "\\N"), (copy.Delimiter, copy.HeaderRows, copy.SkipsBlankLines, copy.EmptyAsNull, copy.Null));
        Assert.Null(new LoadColumn("c", "character varying(3)", NotNull: false).Value([], copy, out _));
    }

    [Fact]
    public void A_header_and_blank_lines_are_no_rows()
    {
        using var file = new MemoryStream("\na,b\r\n\r\n1,2\n\n\n3,\"\"\n\n"u8.ToArray());
        var rows = new StagedCsv(file, ',', CopyStatement.LongestRow, headerRows: 1, skipsBlankLines: true).Read().ToList();
        Assert.Equal(["1,2", "3,\"\""], rows.Select(r => r.RawLine));
        Assert.Equal([4L, 7], rows.Select(r => r.Line));
        Assert.Equal([false, true], rows[1].Fields.Select(f => f.IsQuoted));
    }

    [Fact]
    public void A_COPY_may_use_the_default_role_of_the_warehouse()
        => Assert.Equal("arn:aws:iam::123456789012:role/default", Copy("COPY t FROM 's3://b/m' IAM_ROLE default MANIFEST CSV").Role);

    [Theory]
    [InlineData(" FORMAT CSV", "COPY without MANIFEST")]
    [InlineData(" MANIFEST", "COPY without FORMAT AS CSV")]
    [InlineData(" MANIFEST CSV MAXERROR 5", "the COPY option MAXERROR without NOLOAD")]
    [InlineData(" MANIFEST CSV TRUNCATECOLUMNS", "the COPY option TRUNCATECOLUMNS")]
    [InlineData(" MANIFEST CSV EMPTYASNULL", "EMPTYASNULL or IGNOREBLANKLINES without IGNOREHEADER")]
    [InlineData(" MANIFEST CSV IGNOREBLANKLINES", "EMPTYASNULL or IGNOREBLANKLINES without IGNOREHEADER")]
    [InlineData(" MANIFEST CSV IGNOREHEADER 1 BLANKSASNULL", "the COPY option BLANKSASNULL")]
    [InlineData(" MANIFEST CSV CREDENTIALS 'aws_access_key_id=x'", "COPY with keys")]
    [InlineData(" MANIFEST CSV MANIFEST", "conflicting or redundant options: manifest")]
    [InlineData(" MANIFEST CSV DELIMITER ';;'", "COPY delimiter must be a single ASCII character")]
    public void A_COPY_with_other_options_is_refused(string options, string message)
        => Assert.Contains(message, Assert.Throws<RefusalException>(() => Copy(Start + options)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("COPY t FROM 's3://b/m' MANIFEST CSV", "COPY requires IAM_ROLE")]
    [InlineData("COPY t FROM 's3://b/m' IAM_ROLE 'role/copy' MANIFEST CSV", "is not the ARN of a role")]
    [InlineData("COPY t (a, \"A\") FROM 's3://b/m' IAM_ROLE 'arn:aws:iam::123456789012:role/copy' MANIFEST CSV", "column \"a\" specified more than once")]
    public void A_COPY_needs_a_role_and_each_column_once(string sql, string message)
        => Assert.Contains(message, Assert.Throws<RefusalException>(() => Copy(sql)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"entries":[]}""", "it names no file")]
    [InlineData("""{"entries":[{"url":"s3://b/k","mandatory":true}]}""", "s3://b/k has no meta.content_length")]
    [InlineData("""{"entries":[{"url":"s3://b/k","meta":{"content_length":1}},{"url":"s3://b/k","meta":{"content_length":1}}]}""", "it names s3://b/k twice")]
    [InlineData("""{"entries":[{"url":"s3://b/k","mandatry":true,"meta":{"content_length":1}}]}""", "an entry has the member mandatry")]
    [InlineData("""{"entries":[{"url":"https://b/k","meta":{"content_length":1}}]}""", "Invalid S3 URL: https://b/k")]
    [InlineData("{", "Invalid manifest file")]
    public void A_manifest_that_could_load_something_else_is_refused(string json, string message)
    {
        var error = Assert.Throws<RefusalException>(() => CopyManifest.Read("s3://b/m", Encoding.UTF8.GetBytes(json)));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b\nc,\"d\"\n", "1:a|b", "2:c|d")]
    [InlineData("\"a\"\"\",\"\"\r\n,x", "1:a\"|", "2:|x")]
    [InlineData("\"a\r\nb\n\",1\nc,2\n", "1:a\r\nb\n|1", "4:c|2")]
    [InlineData("\"\"\n", "1:")]
    [InlineData("")]
    public void CSV_has_rows_with_their_lines(string csv, params string[] rows)
        => Assert.Equal(rows, Rows(csv).Select(r => $"{r.Line}:{string.Join('|', r.Fields.Select(f => Encoding.UTF8.GetString(f.Bytes.Span)))}"));

    [Theory]
    [InlineData("a,b\n\nc,d\n", 2, "Input line contained no data")]
    [InlineData("a,b\nc,d\"e\n", 2, "Invalid quote formatting for CSV")]
    [InlineData("\"a\"b\n", 1, "Invalid quote formatting for CSV")]
    [InlineData("\"a\" ,b\n", 1, "Invalid quote formatting for CSV")]
    [InlineData("a\rb\n", 1, "Invalid quote formatting for CSV")]
    [InlineData("a\n\"b\nc", 2, "Delimited value missing end quote")]
    public void CSV_of_another_form_is_refused_with_its_line(string csv, long line, string message)
    {
        var error = Assert.Throws<CsvRowException>(() => Rows(csv).Count);

        Assert.Equal((line, message), (error.Line, LoadProblem.From(error.Fault).Message));
    }

    [Fact]
    public void A_row_of_more_than_4_MB_is_refused()
        => Assert.Equal(CsvFault.RowTooLong, Assert.Throws<CsvRowException>(() => Rows(new string('a', 4 * 1024 * 1024 + 1)).Count).Fault);

    [Theory]
    [InlineData("integer", "2147483647", null)]
    [InlineData("integer", "2147483648", "Overflow, Type: Integer")]
    [InlineData("bigint", "1.0", "Invalid digit, Value '.', Pos 0, Type: Long")]
    [InlineData("numeric(5,2)", "-999.999", null)]
    [InlineData("numeric(5,2)", "1000", "Overflow, Type: Decimal")]
    [InlineData("numeric(5,2)", "NaN", "Invalid digit, Value 'N', Pos 0, Type: Decimal")]
    [InlineData("double precision", "-Infinity", null)]
    [InlineData("double precision", "1e", "Invalid value for type: Float")]
    [InlineData("boolean", "t", null)]
    [InlineData("boolean", "wahr", "Unknown boolean format")]
    [InlineData("character varying(3)", "abc", null)]
    [InlineData("character varying(3)", "äb€", "String length exceeds DDL length")]
    [InlineData("character varying(3)", "a\0b", "Invalid null byte - field longer than 1 byte")]
    [InlineData("date", "2026-1-2", "Invalid Date Format - length must be 10 or more")]
    [InlineData("timestamp without time zone", "2026-01-02 03:04:05.123456", null)]
    [InlineData("timestamp without time zone", "2026-01-02T03:04:05", "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]")]
    [InlineData("timestamp with time zone", "2026-01-02 03:04:05+00", null)]
    [InlineData("timestamp with time zone", "2026-01-02 03:04:05", "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SSOF]")]
    [InlineData("super", "{\"a\":[1,null]}", null)]
    [InlineData("super", "{a:1}", "Invalid JSON for a SUPER value")]
    public void Values_are_checked_as_their_columns_say(string type, string text, string? message)
    {
        var copy = Copy(Start + " MANIFEST CSV NULL '@n@'");

        var value = new LoadColumn("c", type, NotNull: false).Value(Encoding.UTF8.GetBytes(text), copy, out var problem);

        Assert.Equal(message, problem?.Message);
        Assert.Equal(text, value);
    }

    [Fact]
    public void Texts_inside_of_SUPER_have_at_most_65535_bytes()
    {
        var column = new LoadColumn("c", "super", NotNull: false);
        var copy = Copy(Start + " MANIFEST CSV");

        column.Value(Encoding.UTF8.GetBytes($"[\"{new string('a', 65535)}\"]"), copy, out var fits);
        column.Value(Encoding.UTF8.GetBytes($"[\"{new string('a', 65536)}\"]"), copy, out var tooLong);

        Assert.Null(fits);
        Assert.Equal(LoadProblem.SuperTooLarge, tooLong);
    }

    [Theory]
    [InlineData("integer", "", true)]
    [InlineData("character varying(3)", "", false)]
    [InlineData("character varying(3)", "@n@", true)]
    [InlineData("super", "@n@", true)]
    public void The_text_for_NULL_is_NULL_and_so_is_an_empty_field_that_is_no_text(string type, string text, bool isNull)
    {
        var copy = Copy(Start + " MANIFEST CSV NULL '@n@'");

        Assert.Equal(isNull, new LoadColumn("c", type, NotNull: false).Value(Encoding.UTF8.GetBytes(text), copy, out _) is null);
        new LoadColumn("c", type, NotNull: true).Value(Encoding.UTF8.GetBytes(text), copy, out var problem);
        Assert.Equal(isNull ? LoadProblem.Null : null, problem);
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_refused()
    {
        new LoadColumn("c", "character varying(9)", NotNull: false).Value([0xed, 0xa0, 0x80], Copy(Start + " MANIFEST CSV"), out var problem);

        Assert.Equal(LoadProblem.InvalidUtf8, problem);
    }

    private static CopyStatement Copy(string sql) => CopyStatement.Read(Assert.Single(RedshiftTokens.Statements(sql)))!;

    private static List<CsvRow> Rows(string csv) => [.. new StagedCsv(new MemoryStream(Encoding.UTF8.GetBytes(csv)), ',', CopyStatement.LongestRow).Read()];
}
