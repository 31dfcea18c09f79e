using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.Tests.TestServers.Snowflake;

/// <summary>What the stand-in for Snowflake makes of statements, and which it refuses.</summary>
public sealed class SnowflakeSqlTests
{
    private const string T = "\"D.S\".\"T\"";

    [Theory]
    [InlineData("SELECT a, \"b\" FROM t", $"SELECT \"A\", \"b\" FROM {T}")]
    [InlineData("select distinct t.a as x from t", $"SELECT DISTINCT \"T\".\"A\" AS \"X\" FROM {T}")]
    [InlineData("SELECT COUNT(*) FROM d2.s2.t i", "SELECT COUNT(*) AS \"COUNT(*)\" FROM \"D2.S2\".\"T\" \"I\"")]
    [InlineData("SELECT a FROM s2.t", "SELECT \"A\" FROM \"D.S2\".\"T\"")]
    [InlineData(
        "SELECT 1 FROM t WHERE a IN ('x', ?) AND NOT b IS NOT NULL OR c <> -1",
        $"SELECT 1 AS \"1\" FROM {T} WHERE \"A\" IN ('x', $1::text) AND NOT \"B\" IS NOT NULL OR \"C\" <> - 1")]
    [InlineData(
        "SELECT LEFT(a, CAST(? AS INTEGER)) AS l FROM t",
        $"SELECT LEFT(\"A\", (CAST($1::text AS numeric(38,0)))::integer) AS \"L\" FROM {T}")]
    [InlineData("SELECT 'it''s \\\\ \\n' AS x", "SELECT 'it''s \\ \n' AS \"X\"")]
    [InlineData(
        "SELECT n FROM (SELECT a AS n FROM t LIMIT 5) x ORDER BY n DESC",
        $"SELECT \"N\" FROM (SELECT \"A\" AS \"N\" FROM {T} LIMIT 5) \"X\" ORDER BY \"N\" DESC")]
    [InlineData(
        "SELECT a FROM t LEFT JOIN t u ON t.a = u.a JOIN t v ON v.a = 'x' || u.a",
        $"SELECT \"A\" FROM {T} LEFT JOIN {T} \"U\" ON \"T\".\"A\" = \"U\".\"A\" JOIN {T} \"V\" ON \"V\".\"A\" = 'x' || \"U\".\"A\"")]
    [InlineData(
        "SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b DESC, c) AS n FROM t",
        $"SELECT ROW_NUMBER() OVER (PARTITION BY \"A\" ORDER BY \"B\" DESC, \"C\") AS \"N\" FROM {T}")]
    [InlineData(
        "SELECT CASE WHEN a = 1 THEN 'x' ELSE NULL END AS c FROM t WHERE EXISTS (SELECT 1 FROM t)",
        $"SELECT CASE WHEN \"A\" = 1 THEN 'x' ELSE NULL END AS \"C\" FROM {T} WHERE EXISTS (SELECT 1 AS \"1\" FROM {T})")]
    [InlineData(
        "SELECT COUNT(DISTINCT a) AS n, COALESCE(SUM(b), 0) AS s FROM t GROUP BY c",
        $"SELECT COUNT(DISTINCT \"A\") AS \"N\", COALESCE(SUM(\"B\"), 0) AS \"S\" FROM {T} GROUP BY \"C\"")]
    public void Queries_are_translated(string sql, string expected) => Assert.Equal(expected, Assert.IsType<QueryStatement>(Read(sql)).Query.Sql);

    [Theory]
    [InlineData("INSERT INTO t (a) VALUES (?), ('x')", $"INSERT INTO {T} (\"A\") VALUES ($1::text), ('x')")]
    [InlineData(
        "INSERT INTO t (a, b) SELECT PARSE_JSON(i.a, 'd'), 1 FROM t i",
        $"INSERT INTO {T} (\"A\", \"B\") SELECT snowflake_account.parse_json(\"I\".\"A\") AS \"PARSE_JSON(I.A, 'D')\", 1 AS \"1\" FROM {T} \"I\"")]
    [InlineData(
        "UPDATE t SET a = t.a + 1 FROM s, u WHERE t.b = s.b",
        $"UPDATE {T} SET \"A\" = \"T\".\"A\" + 1 FROM \"D.S\".\"S\", \"D.S\".\"U\" WHERE \"T\".\"B\" = \"S\".\"B\"")]
    [InlineData("DELETE FROM t USING s x WHERE t.b = x.b", $"DELETE FROM {T} USING \"D.S\".\"S\" \"X\" WHERE \"T\".\"B\" = \"X\".\"B\"")]
    [InlineData(
        "MERGE INTO t t USING (SELECT a FROM s) i ON t.a = i.a WHEN MATCHED THEN UPDATE SET b = i.a WHEN NOT MATCHED THEN INSERT (a) VALUES (i.a)",
        $"MERGE INTO {T} \"T\" USING (SELECT \"A\" FROM \"D.S\".\"S\") \"I\" ON \"T\".\"A\" = \"I\".\"A\" WHEN MATCHED THEN UPDATE SET "
            + $"\"B\" = \"I\".\"A\" WHEN NOT MATCHED THEN INSERT (\"A\") VALUES (\"I\".\"A\")")]
    public void Changes_are_translated(string sql, string expected) => Assert.Equal(expected, Assert.IsType<ChangeStatement>(Read(sql)).Sql);

    [Theory]
    [InlineData("CREATE TABLE t (a VARCHAR)", "text", false)]
    [InlineData("CREATE TABLE t (a VARCHAR(16777216) NOT NULL)", "text", true)]
    [InlineData("CREATE TABLE t (a VARCHAR(5))", "character varying(5)", false)]
    [InlineData("CREATE TABLE t (a BIGINT)", "numeric(38,0)", false)]
    [InlineData("CREATE TABLE t (a NUMBER(38, 37))", "numeric(38,37)", false)]
    [InlineData("CREATE TABLE t (a TIMESTAMPTZ)", "timestamp with time zone", false)]
    [InlineData("CREATE TABLE t (a VARIANT)", "jsonb", false)]
    public void Types_are_translated(string sql, string type, bool notNull)
    {
        var column = Assert.Single(Assert.IsType<CreateTableStatement>(Read(sql)).Columns);

        Assert.Equal(("A", type, !notNull), (column.Name, column.Type.Postgres, column.IsNullable));
    }

    [Theory]
    [InlineData("SELECT * FROM t", "SELECT *")]
    [InlineData("SELECT a FROM t UNION SELECT b FROM t", "unexpected 'UNION'")]
    [InlineData("SELECT a FROM t HAVING a = 1", "unexpected 'HAVING'")]
    [InlineData("SELECT a FROM t WHERE a LIKE 'x'", "unexpected 'LIKE'")]
    [InlineData("SELECT a FROM t WHERE a BETWEEN 1 AND 2", "unexpected 'BETWEEN'")]
    [InlineData("SELECT a * 2 FROM t", "unexpected '*'")]
    [InlineData("SELECT 1 / 0", "unexpected '/'")]
    [InlineData("SELECT a::INTEGER FROM t", "unexpected '::'")]
    [InlineData("SELECT a FROM t OFFSET 1", "unexpected 'OFFSET'")]
    [InlineData("SELECT a FROM t LIMIT ?", "unexpected '?'")]
    [InlineData("SELECT UPPER(a) FROM t", "the function UPPER")]
    [InlineData("SELECT COUNT(*) OVER (ORDER BY a) FROM t", "window functions")]
    [InlineData("SELECT ROW_NUMBER() OVER (PARTITION BY a) FROM t", "unexpected ')'")]
    [InlineData("SELECT CAST(a AS VARCHAR(5)) FROM t", "CAST of other than a literal to a VARCHAR")]
    [InlineData("SELECT CAST(a AS TEXT) FROM t", "the type TEXT")]
    [InlineData("SELECT CAST(a AS NUMBER(39, 0)) FROM t", "unexpected '39'")]
    [InlineData("SELECT CAST(a AS NUMBER(38, 38)) FROM t", "unexpected '38'")]
    [InlineData("SELECT PARSE_JSON(a) FROM t", "unexpected ')'")]
    [InlineData("SELECT a FROM (SELECT a FROM t)", "without an alias")]
    [InlineData("SELECT a FROM t FOR UPDATE", "unexpected 'FOR'")]
    [InlineData("SELECT start FROM t", "unexpected 'start'")]
    [InlineData("SELECT a FROM t /* x", "unterminated /* comment")]
    [InlineData("SELECT 'a", "unterminated quoted string")]
    [InlineData("SELECT '\\x41'", "the escape \\x")]
    [InlineData("SELECT $$a$$", "unexpected '$'")]
    [InlineData("SELECT a FROM INFORMATION_SCHEMA.VIEWS", "INFORMATION_SCHEMA.VIEWS")]
    [InlineData("INSERT INTO t VALUES (1)", "without the names")]
    [InlineData("INSERT INTO t (a, A) VALUES (1, 2)", "duplicate column name 'A'")]
    [InlineData("INSERT OVERWRITE INTO t (a) VALUES (1)", "unexpected 'OVERWRITE'")]
    [InlineData("UPDATE t x SET a = 1", "unexpected 'x'")]
    [InlineData("UPDATE t SET t.a = 1", "unexpected '.'")]
    [InlineData("DELETE FROM t x", "unexpected 'x'")]
    [InlineData("MERGE INTO t t USING s i ON t.a = i.a WHEN MATCHED THEN DELETE", "other than a query")]
    [InlineData("TRUNCATE TABLE t", "TRUNCATE statements")]
    [InlineData("BEGIN", "BEGIN statements")]
    [InlineData("USE SCHEMA s", "USE statements")]
    [InlineData("SET x = 1", "SET statements")]
    [InlineData("WITH a AS (SELECT 1) SELECT 1", "WITH statements")]
    [InlineData("CREATE OR REPLACE TABLE t (a BIGINT)", "CREATE of other than a table")]
    [InlineData("CREATE TEMPORARY TABLE t (a BIGINT)", "CREATE of other than a table")]
    [InlineData("CREATE TABLE t (a BIGINT PRIMARY KEY)", "unexpected 'PRIMARY'")]
    [InlineData("CREATE TABLE t (a BIGINT DEFAULT 1)", "unexpected 'DEFAULT'")]
    [InlineData("CREATE TABLE t (a INT)", "the type INT")]
    [InlineData("CREATE TABLE t (a BIGINT) CLUSTER BY (a)", "unexpected 'CLUSTER'")]
    [InlineData("CREATE TRANSIENT TABLE t (a BIGINT) DATA_RETENTION_TIME_IN_DAYS = 2", "unexpected '2'")]
    [InlineData("ALTER TABLE t DROP COLUMN a", "ALTER TABLE other than")]
    [InlineData("ALTER TABLE t RENAME TO u", "ALTER TABLE other than")]
    [InlineData("DROP TABLE t CASCADE", "unexpected 'CASCADE'")]
    [InlineData("SHOW TABLES LIKE 'T'", "SHOW of other than warehouses")]
    [InlineData("SELECT 1; SELECT 2", "Actual statement count 2")]
    [InlineData(";", "Empty SQL statement")]
    public void Other_statements_are_refused(string sql, string message)
        => Assert.Contains(message, Assert.Throws<RefusalException>(() => Read(sql)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_text_of_more_than_1_MB_is_refused()
    {
        var sql = $"SELECT '{new string('x', SnowflakeStatement.LargestText - 9)}'";

        Assert.NotNull(Read(sql));
        Assert.Contains("1 MB", Assert.Throws<RefusalException>(() => Read(sql + " ")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_are_counted()
        => Assert.Equal(3, Read("INSERT INTO t (a, b) SELECT ?, a FROM t WHERE a = ? AND b IN (?)").Parameters);

    [Fact]
    public void Without_a_schema_a_name_needs_one()
    {
        var scope = new SnowflakeScope("D", null);

        Assert.Equal("090106", Assert.Throws<RefusalException>(() => SnowflakeStatement.Read("SELECT a FROM t", scope)).Code);
        Assert.Equal(
            "SELECT \"A\" FROM \"D.S\".\"T\"",
            Assert.IsType<QueryStatement>(SnowflakeStatement.Read("SELECT a FROM s.t", scope)).Query.Sql);
    }

    [Fact]
    public void Long_names_get_short_ones()
    {
        var scope = new SnowflakeScope("D", "S");
        var name = new string('N', 64);
        SnowflakeStatement.Read($"SELECT {name} FROM t", scope);

        var (shortName, longName) = Assert.Single(scope.LongNames);
        Assert.Equal((name, 63), (longName, shortName.Length));
    }

    private static SnowflakeStatement Read(string sql) => SnowflakeStatement.Read(sql, new SnowflakeScope("D", "S"));
}
