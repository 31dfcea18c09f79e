using System.Net;
using PeakS3Feed.SnowflakeServer;
using PeakS3Feed.SnowflakeServer.Account;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Snowflake;

/// <summary>COPY INTO of the stand-in for Snowflake, with files in Ceph.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class StandInCopyTests
{
    private const string Table = """
        CREATE TRANSIENT TABLE t (id NUMBER(38,0) NOT NULL, name VARCHAR(5), price NUMBER(5,2), ok BOOLEAN, made TIMESTAMP_TZ, d DATE)
        DATA_RETENTION_TIME_IN_DAYS = 0
        """;

    [SkippableFact]
    public async Task Files_are_loaded_once_and_counted()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync(Table);
        await load.PutAsync(
            "path/a.csv.gz",
            "1,\"a,\"\"b\",1.555,true,2026-01-02 03:04:05.000006+00,2026-01-02\n2,\"\",@null@,@null@,@null@,@null@\n");
        await load.PutAsync("path/b.csv.gz", "3,\"x\ny\",-0.01,F,1999-12-31 23:59:59+01:00,1999-12-31\n");

        Assert.Equal(
            [
                $"s3://snowflake-stage/{load.Schema}/path/a.csv.gz|LOADED|2|2|1|0|NULL|NULL|NULL|NULL",
                $"s3://snowflake-stage/{load.Schema}/path/b.csv.gz|LOADED|1|1|1|0|NULL|NULL|NULL|NULL",
            ],
            await load.RunAsync(StandInLoad.Copy("t", "ON_ERROR = ABORT_STATEMENT", "a.csv.gz", "b.csv.gz")));
        Assert.Equal(
            ["Copy executed with 0 files processed."], await load.RunAsync(StandInLoad.Copy("t", "ON_ERROR = ABORT_STATEMENT", "a.csv.gz")));
        Assert.Equal(
            [
                "1|a,\"b|1.56|true|1767323045.000006000 1440|20455", "2||NULL|NULL|NULL|NULL", "3|x\ny|-0.01|false|946681199.000000000 1440|10956",
            ],
            await load.RunAsync("SELECT id, name, price, ok, made, d FROM t ORDER BY id"));
    }

    [SkippableFact]
    public async Task A_table_that_is_made_again_has_loaded_nothing()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.PutAsync("path/a.csv.gz", "1\n");
        for (var i = 0; i < 2; i++)
        {
            await load.RunAsync("CREATE TABLE t (id BIGINT)");
            await load.RunAsync(StandInLoad.Copy("t", "ON_ERROR = ABORT_STATEMENT", "a.csv.gz"));
            Assert.Equal(["1"], await load.RunAsync("SELECT COUNT(*) FROM t"));
            await load.RunAsync("DROP TABLE t");
        }
    }

    [SkippableFact]
    public async Task An_error_names_file_line_character_row_and_column_and_nothing_is_loaded()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync(Table);
        await load.PutAsync("path/a.csv.gz", "1,a,1,1,@null@,@null@\n");
        await load.PutAsync("path/b.csv.gz", "2,\"x\ny\",abc,1,@null@,@null@\n");

        var (code, message) = await load.FailAsync(StandInLoad.Copy("t", "ON_ERROR = ABORT_STATEMENT", "a.csv.gz", "b.csv.gz"));

        Assert.Equal("100038", code);
        Assert.StartsWith(
            "Numeric value 'abc' is not recognized\n  File 'path/b.csv.gz', line 2, character 4\n  Row 1, column \"T\"[\"PRICE\":3]\n", message,
            StringComparison.Ordinal);
        Assert.Equal(["0"], await load.RunAsync("SELECT COUNT(*) FROM t"));
    }

    [SkippableFact]
    public async Task Validation_finds_all_errors_and_loads_nothing()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync(Table);
        await load.PutAsync(
            "path/a.csv.gz",
            """
            x,a,1,1,@null@,@null@
            1,a,1,1,@null@,@null@
            @null@,a,1,1,@null@,@null@
            1,abcdef,1,1,@null@,@null@
            1,a,999.995,1,@null@,@null@
            1,a,1,maybe,@null@,@null@
            1,a,1,1,2026-13-01 00:00:00+00,@null@
            1,a,1,1,@null@,2026-02-30
            1,a,,1,@null@,@null@
            1,a,1,1,@null@
            1,a,1,1,@null@,@null@,1
            1,"a"b,1,1,@null@,@null@
            """.ReplaceLineEndings("\n") + "\n");

        var rows = await load.RunAsync(StandInLoad.Copy("t", "VALIDATION_MODE = RETURN_ALL_ERRORS", "a.csv.gz"));

        Assert.Equal(
            ["100038|1", "100072|3", "100074|4", "100132|5", "100037|6", "100035|7", "100040|8", "100038|9", "100080|10", "100080|11", "100016|12"],
            rows.Select(r => r.Split('|')).Select(r => $"{r[6]}|{r[2]}"));
        Assert.Equal(
            "User character length limit (5) exceeded by string 'abcdef'|path/a.csv.gz|4|3|71|conversion|100074|54000|\"T\"[\"NAME\":2]|4|4|"
                + "1,abcdef,1,1,@null@,@null@",
            rows[2]);
        Assert.Equal(["0"], await load.RunAsync("SELECT COUNT(*) FROM t"));
    }

    [SkippableTheory]
    [InlineData("2026-01-02 03:04:05", true, true)]
    [InlineData("2026-01-02T03:04:05.123456789", true, true)]
    [InlineData("2026-01-02 03:04:05.1+07:00", false, true)]
    [InlineData("2026-01-02 03:04:05+07", false, true)]
    [InlineData("2026-01-02 03:04:05 +0700", false, true)]
    [InlineData("2026-01-02T03:04:05+07:00", false, true)]
    [InlineData("2026-01-02T03:04:05+07", false, false)]
    [InlineData("2026-01-02 03:04:05+0700", false, false)]
    [InlineData("2026-01-02 03:04:05Z", false, false)]
    [InlineData("2026-01-02 24:00:00", false, false)]
    [InlineData("2026-02-29 00:00:00", false, false)]
    [InlineData("02/01/2026", false, false)]
    public async Task Timestamps_have_a_form_that_AUTO_recognizes(string text, bool withoutZone, bool withZone)
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync("CREATE TABLE n (t TIMESTAMP_NTZ)");
        await load.RunAsync("CREATE TABLE z (t TIMESTAMP_TZ)");
        await load.PutAsync("path/a.csv.gz", text + "\n");

        Assert.Equal(withoutZone, (await load.RunAsync(StandInLoad.Copy("n", "VALIDATION_MODE = RETURN_ALL_ERRORS", "a.csv.gz"))).Count == 0);
        Assert.Equal(withZone, (await load.RunAsync(StandInLoad.Copy("z", "VALIDATION_MODE = RETURN_ALL_ERRORS", "a.csv.gz"))).Count == 0);
        if (withZone)
            await load.RunAsync(StandInLoad.Copy("z", "ON_ERROR = ABORT_STATEMENT", "a.csv.gz")); // PostgreSQL reads it, too
    }

    [SkippableTheory]
    [InlineData(FileNameForm.Path, "path/a.csv.gz")]
    [InlineData(FileNameForm.Stage, "@STAGE/path/a.csv.gz")]
    [InlineData(FileNameForm.Url, "s3://snowflake-stage/SCHEMA/path/a.csv.gz")]
    public async Task An_error_names_its_file_in_one_of_three_forms(FileNameForm form, string name)
    {
        await using var load = await StandInLoad.OpenAsync(o => o with { FileNames = form });
        await load.RunAsync("CREATE TABLE t (id BIGINT)");
        await load.PutAsync("path/a.csv.gz", "x\n");

        var (_, message) = await load.FailAsync(StandInLoad.Copy("t", "ON_ERROR = ABORT_STATEMENT", "a.csv.gz"));

        Assert.Contains($"File '{name.Replace("SCHEMA", load.Schema, StringComparison.Ordinal)}', line 1, ", message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_COPY_that_is_cancelled_has_loaded_nothing()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync("CREATE TABLE t (id BIGINT)");
        await load.PutAsync("path/a.csv.gz", string.Concat(Enumerable.Repeat("12345\n", 1_000_000)));
        var copy = StandInLoad.Copy("t", "ON_ERROR = ABORT_STATEMENT", "a.csv.gz");

        var started = await load.SubmitAsync(copy, "?async=true");
        await Task.Delay(200);
        var canceled = await load.CancelAsync(started.Handle);
        for (var milliseconds = 100; canceled.Status != HttpStatusCode.OK && milliseconds > 0; milliseconds /= 2)
        {
            // On a busy machine, the COPY can end before the request to cancel it arrives.
            await load.RunAsync("DROP TABLE t");
            await load.RunAsync("CREATE TABLE t (id BIGINT)");
            started = await load.SubmitAsync(copy, "?async=true");
            await Task.Delay(milliseconds);
            canceled = await load.CancelAsync(started.Handle);
        }
        Assert.Equal(HttpStatusCode.OK, canceled.Status);

        Assert.Equal("000604", (await load.WaitAsync(started.Handle)).Code);
        Assert.Equal(["0"], await load.RunAsync("SELECT COUNT(*) FROM t"));
        Assert.Contains("|LOADED|1000000|1000000|", Assert.Single(await load.RunAsync(copy)), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Files_that_are_missing_or_may_not_be_read_are_errors()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync("CREATE TABLE t (id BIGINT)");

        Assert.Equal("091016", (await load.FailAsync(StandInLoad.Copy("t", "ON_ERROR = ABORT_STATEMENT", "missing.csv.gz"))).Code);
        load.Server.Account.Add(new SnowflakeStage($"{StandInLoad.Database}.{load.Schema}.STAGE", "s3://snowflake-stage/x/", "S3_DENIED"));
        Assert.Equal("003167", (await load.FailAsync(StandInLoad.Copy("t", "ON_ERROR = ABORT_STATEMENT", "missing.csv.gz"))).Code);
        Assert.Equal("002003", (await load.FailAsync("LIST @OTHER/path/")).Code);
    }

    [SkippableFact]
    public async Task A_stage_lists_its_files()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.PutAsync("path/a.csv.gz", "1\n");
        await load.PutAsync("other/a.csv.gz", "1\n");

        Assert.StartsWith(
            $"s3://snowflake-stage/{load.Schema}/path/a.csv.gz|", Assert.Single(await load.RunAsync("LIST @STAGE/path/")), StringComparison.Ordinal);
    }
}
