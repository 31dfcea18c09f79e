using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Snowflake;

/// <summary>Statements of the stand-in for Snowflake on PostgreSQL.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class StandInStatementTests
{
    [SkippableFact]
    public async Task Names_are_folded_and_the_catalog_has_Snowflakes_words()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync("""
            CREATE TABLE IF NOT EXISTS "T" (id NUMBER(38,0) NOT NULL, "Mixed" VARCHAR(5), price NUMBER(12,2), ok BOOLEAN, f FLOAT, d DATE,
                n TIMESTAMP_NTZ, z TIMESTAMP_TZ, j VARIANT, s VARCHAR)
            """);

        Assert.Equal(
            [
                "T|BASE TABLE|ID|NUMBER|NULL|38|0|NO|0", "T|BASE TABLE|Mixed|TEXT|5|NULL|NULL|YES|0", "T|BASE TABLE|PRICE|NUMBER|NULL|12|2|YES|0",
                "T|BASE TABLE|OK|BOOLEAN|NULL|NULL|NULL|YES|0",
                "T|BASE TABLE|F|FLOAT|NULL|NULL|NULL|YES|0", "T|BASE TABLE|D|DATE|NULL|NULL|NULL|YES|0",
                "T|BASE TABLE|N|TIMESTAMP_NTZ|NULL|NULL|NULL|YES|0", "T|BASE TABLE|Z|TIMESTAMP_TZ|NULL|NULL|NULL|YES|0",
                "T|BASE TABLE|J|VARIANT|NULL|NULL|NULL|YES|0", "T|BASE TABLE|S|TEXT|16777216|NULL|NULL|YES|0",
            ],
            await load.RunAsync(
                """
                SELECT t.table_name, t.table_type, c.column_name, c.data_type, c.character_maximum_length, c.numeric_precision, c.numeric_scale,
                    c.is_nullable, CASE WHEN c.column_default IS NULL THEN 0 ELSE 1 END
                FROM INFORMATION_SCHEMA.TABLES t LEFT JOIN INFORMATION_SCHEMA.COLUMNS c ON c.table_schema = ? AND c.table_name = t.table_name
                WHERE t.table_schema = ? AND t.table_name IN (?) ORDER BY t.table_name, c.ordinal_position
                """, load.Schema, load.Schema, "T"));
        Assert.Equal(
            ["T"],
            await load.RunAsync(
                """
                SELECT table_name FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = ? AND LEFT(table_name, CAST(? AS INTEGER)) = ?
                ORDER BY table_name
                """, load.Schema, "1", "T"));
    }

    [SkippableFact]
    public async Task Values_have_the_form_of_the_API()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync("CREATE TABLE t (a NUMBER(12,2), b BOOLEAN, d DATE, n TIMESTAMP_NTZ, z TIMESTAMP_TZ, j VARIANT, s VARCHAR)");
        await load.RunAsync(
            """
            INSERT INTO t (a, b, d, n, z, j, s) SELECT CAST(? AS NUMBER(12,2)), CAST(? AS BOOLEAN), CAST(? AS DATE), CAST(? AS TIMESTAMP_NTZ),
                CAST(? AS TIMESTAMP_TZ), PARSE_JSON(?, 'd'), ?
            """, "1.5", "true", "1969-12-31", "1970-01-01 00:00:01.5", "2026-01-02 03:04:05+02", "{\"a\":1,\"a\":2}", null);

        Assert.Equal(
            ["1.50|true|-1|1.500000000|1767315845.000000000 1440|{\"a\": 2}|NULL"], await load.RunAsync("SELECT a, b, d, n, z, j, s FROM t"));
    }

    [SkippableFact]
    public async Task Rows_are_changed_and_counted()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync("CREATE TABLE t (id BIGINT, name VARCHAR)");
        await load.RunAsync("CREATE TRANSIENT TABLE s (id BIGINT, name VARCHAR) DATA_RETENTION_TIME_IN_DAYS = 0");

        Assert.Equal(["2"], await load.RunAsync("INSERT INTO t (id, name) VALUES (CAST(? AS BIGINT), ?), (2, 'two')", "1", "it's"));
        Assert.Equal(["2"], await load.RunAsync("INSERT INTO s (id, name) VALUES (2, 'new'), (3, 'three')"));
        Assert.Equal(["1|0"], await load.RunAsync("UPDATE t SET name = i.name || '!' FROM s i WHERE t.id = i.id"));
        Assert.Equal(
            ["1|1"],
            await load.RunAsync("""
                MERGE INTO t t USING (SELECT id, name FROM s) i ON t.id = i.id
                WHEN MATCHED THEN UPDATE SET name = i.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (i.id, i.name)
                """));
        Assert.Equal(["1"], await load.RunAsync("DELETE FROM t USING s i WHERE t.id = i.id AND i.name = 'three'"));
        Assert.Equal(["1|it's", "2|new"], await load.RunAsync("SELECT id, name FROM t ORDER BY id"));
    }

    [SkippableFact]
    public async Task A_MERGE_with_two_source_rows_for_one_target_row_is_an_error()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync("CREATE TABLE t (id BIGINT, name VARCHAR)");
        await load.RunAsync("INSERT INTO t (id, name) VALUES (1, 'one')");
        await load.RunAsync("CREATE TABLE s (id BIGINT, name VARCHAR)");
        await load.RunAsync("INSERT INTO s (id, name) VALUES (1, 'a'), (1, 'b')");

        Assert.Equal(
            ("100090", "Duplicate row detected during DML action"),
            await load.FailAsync("""
                MERGE INTO t t USING (SELECT id, name FROM s) i ON t.id = i.id
                WHEN MATCHED THEN UPDATE SET name = i.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (i.id, i.name)
                """));
    }

    [SkippableFact]
    public async Task Tables_change_as_Snowflake_lets_them()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync("CREATE TABLE t (id NUMBER(5,2), name VARCHAR(5))");

        Assert.Equal(["Statement executed successfully."], await load.RunAsync("ALTER TABLE t ADD COLUMN IF NOT EXISTS extra VARCHAR"));
        await load.RunAsync("ALTER TABLE t ADD COLUMN IF NOT EXISTS extra VARCHAR");
        await load.RunAsync("ALTER TABLE t RENAME COLUMN extra TO \"more\"");
        await load.RunAsync("ALTER TABLE t ALTER COLUMN name SET DATA TYPE VARCHAR(10)");
        await load.RunAsync("ALTER TABLE t ALTER COLUMN id SET DATA TYPE NUMBER(10,2)");
        Assert.Equal("002108", (await load.FailAsync("ALTER TABLE t ALTER COLUMN name SET DATA TYPE VARCHAR(9)")).Code);
        Assert.Equal("002108", (await load.FailAsync("ALTER TABLE t ALTER COLUMN id SET DATA TYPE NUMBER(12,3)")).Code);
        Assert.Equal("002108", (await load.FailAsync("ALTER TABLE t ALTER COLUMN id SET DATA TYPE VARCHAR")).Code);
        Assert.Equal("000904", (await load.FailAsync("ALTER TABLE t RENAME COLUMN extra TO x")).Code);
        Assert.Equal("002002", (await load.FailAsync("CREATE TABLE t (id BIGINT)")).Code);
        Assert.Equal(["T already exists, statement succeeded."], await load.RunAsync("CREATE TABLE IF NOT EXISTS t (id BIGINT)"));
        Assert.Equal(["T successfully dropped."], await load.RunAsync("DROP TABLE t"));
        Assert.Equal(["Drop statement executed successfully (T already dropped)."], await load.RunAsync("DROP TABLE IF EXISTS t"));
        Assert.Equal(
            ("002003", $"SQL compilation error:\nTable '{StandInLoad.Database}.{load.Schema}.T' does not exist or not authorized."),
            await load.FailAsync("DROP TABLE t"));
    }

    [SkippableFact]
    public async Task A_table_with_its_first_row_is_created_once()
    {
        await using var load = await StandInLoad.OpenAsync();
        const string Sql = "CREATE TABLE IF NOT EXISTS \"LOCK\" (feed_id VARCHAR(36) NOT NULL, epoch BIGINT NOT NULL) AS SELECT ?, CAST(? AS BIGINT)";

        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => load.RunAsync(Sql, $"f{i}", "7")));

        Assert.Equal(["1"], await load.RunAsync("SELECT COUNT(*) FROM \"LOCK\" WHERE epoch = 7"));
    }

    [SkippableTheory]
    [InlineData("SELECT x FROM missing", "002003")]
    [InlineData("SELECT x FROM t", "000904")]
    [InlineData("SELECT CAST('abc' AS BIGINT)", "100038")]
    [InlineData("SELECT CAST('2026-13-01' AS DATE)", "100040")]
    [InlineData("SELECT CAST('x' AS TIMESTAMP_NTZ)", "100035")]
    [InlineData("SELECT CAST('x' AS BOOLEAN)", "100037")]
    [InlineData("SELECT CAST('1e38' AS BIGINT)", "100132")]
    [InlineData("SELECT PARSE_JSON('{', 'd')", "100069")]
    [InlineData("INSERT INTO t (id) VALUES (NULL)", "100072")]
    [InlineData("INSERT INTO t (id, name) VALUES (1, 'abcdef')", "100078")]
    [InlineData("SELECT name FROM t WHERE id = ?", "000002")] // a text is compared with a number
    [InlineData("SELECT TOP 1 id FROM t", "001003")]
    public async Task Errors_have_Snowflakes_codes(string sql, string code)
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync("CREATE TABLE t (id BIGINT NOT NULL, name VARCHAR(5))");

        Assert.Equal(code, (await load.FailAsync(sql, sql.Contains('?', StringComparison.Ordinal) ? ["1"] : [])).Code);
    }

    [SkippableFact]
    public async Task Names_of_255_characters_are_whole_in_the_catalog()
    {
        await using var load = await StandInLoad.OpenAsync();
        var name = new string('N', 255);
        await load.RunAsync($"CREATE TABLE {name} ({name} BIGINT)");

        Assert.Equal([name], await load.RunAsync("SELECT column_name FROM INFORMATION_SCHEMA.COLUMNS WHERE table_name = ?", name));
        Assert.Equal(["1"], await load.RunAsync($"INSERT INTO {name} ({name}) VALUES (1)"));
        Assert.Equal("001003", (await load.FailAsync($"CREATE TABLE {name}N (id BIGINT)")).Code);
    }

    [SkippableFact]
    public async Task The_session_is_what_the_request_names()
    {
        await using var load = await StandInLoad.OpenAsync();

        Assert.Equal(
            [$"10.1.0|TESTER|PEAKS3FEED_ROLE|PEAKS3FEED_WH|PEAKS3FEED|{load.Schema}"],
            await load.RunAsync(
                "SELECT CURRENT_VERSION(), CURRENT_USER(), CURRENT_ROLE(), CURRENT_WAREHOUSE(), CURRENT_DATABASE(), CURRENT_SCHEMA()"));
        Assert.StartsWith(
            "PEAKS3FEED_WH|STARTED|STANDARD|X-Small|", Assert.Single(await load.RunAsync("SHOW WAREHOUSES LIKE 'peaks3feed_wh'")),
            StringComparison.Ordinal);
        Assert.Equal(
            [$"STAGE_LOCATION|URL|String|[\"s3://snowflake-stage/{load.Schema}/\"]|", "STAGE_INTEGRATION|STORAGE_INTEGRATION|String|S3_INTEGRATION|"],
            await load.RunAsync("DESC STAGE stage"));
    }
}
