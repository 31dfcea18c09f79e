using PeakS3Feed.TestServers.Redshift;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.Tests.TestServers.Redshift;

/// <summary>What the stand-in for Redshift refuses, and what it accepts.</summary>
public sealed class RedshiftSqlTests
{
    [Theory]
    [InlineData("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", "ON CONFLICT")]
    [InlineData("INSERT INTO t VALUES (1) RETURNING id", "RETURNING")]
    [InlineData("DELETE FROM t WHERE a = 1 returning *", "RETURNING")]
    [InlineData("SAVEPOINT a", "SAVEPOINT")]
    [InlineData("RELEASE SAVEPOINT a", "RELEASE")]
    [InlineData("ROLLBACK TO SAVEPOINT a", "ROLLBACK TO")]
    [InlineData("COPY t FROM STDIN", "COPY … FROM STDIN")]
    [InlineData("COPY t (a, b) FROM STDIN (FORMAT binary)", "COPY … FROM STDIN")]
    [InlineData("COPY t TO STDOUT", "COPY … TO")]
    [InlineData("COPY (SELECT 1) TO STDOUT", "COPY of a query")]
    [InlineData("SELECT ARRAY[1, 2]", "arrays")]
    [InlineData("SELECT * FROM t WHERE id = ANY($1)", "ANY of arrays")]
    [InlineData("CREATE TABLE t (a integer[])", "arrays")]
    [InlineData("SELECT a::text[] FROM t", "arrays")]
    [InlineData("CREATE TABLE t (a bytea)", "the type bytea")]
    [InlineData("CREATE TABLE t (a uuid)", "the type uuid")]
    [InlineData("CREATE TABLE t (a jsonb)", "the type jsonb")]
    [InlineData("SELECT a::json FROM t", "the type json")]
    [InlineData("SELECT CAST(a AS uuid) FROM t", "the type uuid")]
    [InlineData("SELECT uuid '0'", "the type uuid")]
    [InlineData("CREATE TABLE t (a timestamp(6))", "a precision of timestamp")]
    [InlineData("CREATE TABLE t (a decimal(39,0))", "decimal(39,0)")]
    [InlineData("CREATE TABLE t (a decimal(38,38))", "decimal(38,38)")]
    [InlineData("CREATE TABLE t (a varchar(65536))", "varchar of 65536 bytes")]
    [InlineData("DELETE FROM t AS x WHERE x.a = 1", "an alias of the target of DELETE")]
    [InlineData("DELETE FROM \"s\".t x USING u WHERE x.a = u.a", "an alias of the target of DELETE")]
    [InlineData("UPDATE t x SET a = 1", "an alias of the target of UPDATE")]
    [InlineData("UPDATE t SET (a, b) = (1, 2)", "UPDATE … SET (a, b) = …")]
    [InlineData("ALTER TABLE t ADD COLUMN IF NOT EXISTS a integer", "IF NOT EXISTS of ADD COLUMN")]
    [InlineData("ALTER TABLE t ADD COLUMN a integer, ADD COLUMN b integer", "more than one action in ALTER TABLE")]
    [InlineData("ALTER TABLE t ADD COLUMN a integer NOT NULL", "ADD COLUMN with NOT NULL and without DEFAULT")]
    [InlineData("ALTER TABLE IF EXISTS t ADD COLUMN a integer", "ALTER TABLE IF EXISTS")]
    [InlineData("ALTER TABLE t ALTER COLUMN a SET NOT NULL", "ALTER COLUMN other than TYPE")]
    [InlineData("ALTER TABLE t ALTER COLUMN a TYPE bigint", "ALTER COLUMN … TYPE bigint: only the size of a VARCHAR column changes")]
    [InlineData("ALTER TABLE t ALTER COLUMN a TYPE varchar(9) USING a", "ALTER COLUMN … TYPE with USING")]
    [InlineData("CREATE INDEX i ON t (a)", "CREATE INDEX")]
    [InlineData("CREATE UNIQUE INDEX i ON t (a)", "CREATE UNIQUE")]
    [InlineData("CREATE UNLOGGED TABLE t (a integer)", "CREATE UNLOGGED TABLE")]
    [InlineData("CREATE TABLE t (a integer CHECK (a > 0))", "CHECK constraints")]
    [InlineData("SELECT pg_advisory_xact_lock(1)", "the function pg_advisory_xact_lock")]
    [InlineData("SELECT pg_try_advisory_lock(1)", "the function pg_try_advisory_lock")]
    [InlineData("SELECT string_agg(a, ',') FROM t", "the function string_agg")]
    [InlineData("SELECT now()", "the function now")]
    [InlineData("SELECT CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP on compute nodes")]
    [InlineData("SELECT a -> 'b' FROM t", "the operator ->")]
    [InlineData("SELECT DISTINCT ON (a) a FROM t", "DISTINCT ON")]
    [InlineData("SELECT count(*) FILTER (WHERE a > 1) FROM t", "FILTER")]
    [InlineData("SELECT * FROM t WHERE a IS NOT DISTINCT FROM b", "IS DISTINCT FROM")]
    [InlineData("SELECT * FROM (VALUES (1)) v", "VALUES as a table")]
    [InlineData("SELECT * FROM t FOR UPDATE", "FOR UPDATE")]
    [InlineData("SELECT * FROM t FETCH FIRST 1 ROWS ONLY", "FETCH FIRST")]
    [InlineData("WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", "WITH before or around INSERT")]
    [InlineData("WITH d AS (DELETE FROM t) SELECT 1", "WITH before or around INSERT")]
    [InlineData("DO 'x'", "DO statements")]
    [InlineData("NOTIFY x", "NOTIFY statements")]
    [InlineData("DISCARD ALL", "DISCARD statements")]
    [InlineData("SET lock_timeout = 1", "the setting lock_timeout")]
    [InlineData("SET LOCAL synchronous_commit = off", "the setting synchronous_commit")]
    [InlineData("SELECT E'a'", "literals of the form E'…'")]
    [InlineData("SELECT 'a\\b'", "literals with a backslash")]
    [InlineData("SELECT $$a$$", "dollar quotes")]
    [InlineData("MERGE INTO t x USING s ON x.a = s.a WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1)", "an alias of the target of MERGE")]
    [InlineData(
        "MERGE INTO t USING (SELECT 1) s ON t.a = s.a WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1)", "a query as the source of MERGE")]
    [InlineData("MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = s.b", "MERGE without WHEN NOT MATCHED")]
    [InlineData("MERGE INTO t USING s ON t.a = s.a WHEN MATCHED AND t.b > 1 THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1)", "conditions of WHEN")]
    [InlineData("MERGE INTO t USING s ON t.a = s.a WHEN NOT MATCHED THEN INSERT VALUES (1)", "MERGE without WHEN MATCHED")]
    public void It_refuses_what_Redshift_lacks(string sql, string what)
        => Assert.StartsWith("Redshift lacks " + what, Refusal(sql, inTransaction: false).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ALTER TABLE t ALTER COLUMN a TYPE varchar(9)", "ALTER COLUMN … TYPE")]
    [InlineData("ALTER TABLE t APPEND FROM s", "ALTER TABLE APPEND")]
    [InlineData("CREATE EXTERNAL TABLE s.t (a integer)", "CREATE EXTERNAL TABLE")]
    [InlineData("TRUNCATE t", "TRUNCATE that does not commit")]
    [InlineData("VACUUM t", "VACUUM")]
    public void It_refuses_inside_a_transaction_what_Redshift_does_only_outside(string sql, string what)
        => Assert.Equal($"Redshift lacks {what} inside a transaction block", Refusal(sql, inTransaction: true).Message);

    [Theory]
    [InlineData("TRUNCATE t", false)]
    [InlineData("ALTER TABLE t ALTER COLUMN a TYPE varchar(9)", false)]
    [InlineData("LOCK TABLE t", true)]
    [InlineData("SELECT 'ON CONFLICT', \"returning\" FROM t -- SAVEPOINT 'it\n /* ARRAY[ /* \" */ */", false)]
    [InlineData("SELECT a, count(*)-1 FROM t WHERE b IN (SELECT c FROM u) GROUP BY a", false)]
    [InlineData("SELECT CAST((a || 'x') AS varchar(10)), b::decimal(10,2) FROM t", false)]
    [InlineData("DELETE FROM s.t USING u WHERE t.a = u.a", true)]
    [InlineData("UPDATE s.t SET a = u.a FROM u WHERE t.b = u.b", true)]
    [InlineData("UPDATE \"s\".\"t\" SET a = u.a FROM (SELECT a, b FROM x) u WHERE u.b = \"s\".\"t\".\"b\"", true)]
    [InlineData("INSERT INTO t (a) WITH x AS (SELECT 1) SELECT * FROM x", true)]
    [InlineData("MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = s.b WHEN NOT MATCHED THEN INSERT (a, b) VALUES (s.a, s.b)", true)]
    [InlineData("SELECT row_number() OVER (PARTITION BY a ORDER BY b DESC NULLS LAST) FROM t", true)]
    [InlineData("BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED", false)]
    [InlineData("SET statement_timeout TO 0", false)]
    [InlineData("SELECT 1 / (CASE WHEN count(*) = 3 THEN 1 ELSE 0 END) FROM t", true)]
    public void It_accepts_what_Redshift_has(string sql, bool inTransaction) => Read(sql, inTransaction);

    [Theory]
    [InlineData("UPDATE s.t SET a = u.a FROM s.u u WHERE u.kind = 'x' AND u.b = u.c")]
    [InlineData("UPDATE s.t SET a = u.a FROM u WHERE s.t.b > u.b")]
    [InlineData("DELETE FROM s.t USING u, v WHERE u.a = v.a AND s.t.b = 1")]
    public void The_target_of_a_change_is_compared_with_another_table_for_equality(string sql)
        => Assert.Equal("Target table must be part of an equijoin predicate", Refusal(sql, inTransaction: true).Message);

    [Fact]
    public void A_LOCK_outside_of_a_transaction_is_an_error_as_in_PostgreSQL() => Assert.Equal("25P01", Refusal("LOCK t", inTransaction: false).State);

    [Fact]
    public void Identifiers_have_up_to_127_bytes()
    {
        var longest = new string('ä', 63) + "a";

        Assert.Equal(longest, Assert.Single(Read($"SELECT \"{longest}\" FROM t", inTransaction: false).LongNames).Key);
        Assert.Contains("127 bytes", Refusal($"SELECT {longest}a FROM t", inTransaction: false).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT \"Ab\", 'Ab', \"q\"\"Q\" FROM T", "SELECT \"ab\", 'Ab', \"q\"\"q\" FROM T")]
    [InlineData("SELECT SYSDATE, pg_last_copy_count()", "SELECT pg_catalog.getdate(), pg_last_copy_count(7::bigint)")]
    [InlineData("BEGIN ISOLATION LEVEL READ COMMITTED", "BEGIN ISOLATION LEVEL repeatable read")]
    [InlineData("SET query_group TO 'a'", "SET redshift.query_group TO 'a'")]
    public void It_rewrites_what_PostgreSQL_does_otherwise(string sql, string rewritten) => Assert.Equal(rewritten, Read(sql, inTransaction: false).Sql);

    [Theory]
    [InlineData(
        "CREATE TABLE IF NOT EXISTS \"S\".t (a INT PRIMARY KEY SORTKEY, \"B\" DECIMAL UNIQUE ENCODE zstd NULL, "
        + "c DATE DEFAULT '2026-01-01' NOT NULL, UNIQUE (a)) DISTSTYLE ALL",
        "CREATE TABLE IF NOT EXISTS \"s\".t (a integer NOT NULL, \"b\" numeric(18,0), c date DEFAULT '2026-01-01' NOT NULL)",
        "COMMENT ON COLUMN \"s\".t.a IS 'redshift 0 1 none'", "COMMENT ON COLUMN \"s\".t.\"b\" IS 'redshift 0 0 zstd'")]
    [InlineData(
        "CREATE TEMP TABLE t DISTKEY (a) AS SELECT a FROM u", "CREATE TEMP TABLE t AS select a from u", "COMMENT ON COLUMN t.a IS 'redshift 1 0 none'")]
    [InlineData("CREATE TABLE t (LIKE s.u)", "CREATE TABLE t (LIKE s.u INCLUDING CONSTRAINTS INCLUDING COMMENTS INCLUDING DEFAULTS)")]
    [InlineData(
        "CREATE TABLE t (a TIMESTAMP DEFAULT SYSDATE, b INT DEFAULT -1)",
        "CREATE TABLE t (a timestamp without time zone DEFAULT pg_catalog.getdate(), b integer DEFAULT - 1)")]
    [InlineData("ALTER TABLE t ADD a SUPER", "ALTER TABLE t ADD COLUMN a super")]
    [InlineData("ALTER TABLE t RENAME COLUMN \"A\" TO b", "ALTER TABLE t rename column \"a\" to b")]
    public void Tables_lose_their_keys_and_keep_notes(string sql, string rewritten, params string[] notes)
    {
        var ddl = Read(sql, inTransaction: false).Ddl!;

        Assert.Equal(rewritten, ddl.Sql);
        Assert.Equal(notes, ddl.Afterwards);
    }

    [Theory]
    [InlineData("VARCHAR", "varchar(256)", 256)]
    [InlineData("CHARACTER VARYING(MAX)", "varchar(65535)", 65535)]
    [InlineData("TEXT", "varchar(256)", 256)]
    [InlineData("char(3)", "char(3)", 3)]
    public void Texts_get_a_check_of_their_bytes(string type, string written, int bytes)
    {
        var sql = Read($"CREATE TABLE t (a {type})", inTransaction: false).Ddl!.Sql;

        Assert.StartsWith($"CREATE TABLE t (a {written} CONSTRAINT redshift_bytes_", sql, StringComparison.Ordinal);
        Assert.EndsWith($" CHECK (octet_length(a::text) <= {bytes}))", sql, StringComparison.Ordinal);
    }

    private static RedshiftStatement Read(string sql, bool inTransaction)
        => RedshiftStatement.Read(sql, Assert.Single(RedshiftTokens.Statements(sql)), inTransaction, (7, 8));

    private static RefusalException Refusal(string sql, bool inTransaction) => Assert.Throws<RefusalException>(() => Read(sql, inTransaction));
}
