using System.Globalization;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Snowflake;

/// <summary>The stand-in for Snowflake takes a whole load of the form that the project sends: ledger, staged rows, records, and one block.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class StandInLoadTests
{
    private const string Lock = "\"PEAKS3FEED_LOCK_0123456789ABCDEF0123456789ABCDEF\"";
    private const string Rows = "\"PEAKS3FEED_STAGE_0123456789ABCDEF0123456789ABCDEF_0123456789ABCDEF_1_ROWS\"";
    private const string Records = "\"PEAKS3FEED_STAGE_0123456789ABCDEF0123456789ABCDEF_0123456789ABCDEF_1_RECORDS\"";
    private const string Loads = "\"PEAKS3FEED_LOAD\"";
    private const string Files = "\"PEAKS3FEED_FILE\"";
    private const string State = "s.kind = 'state'";

    [SkippableFact]
    public async Task A_load_is_committed_once()
    {
        await using var load = await StandInLoad.OpenAsync();
        await CreateAsync(load);
        await load.PutAsync("path/rows.csv.gz", "1,1,10,\"a\",\"{\"\"x\"\":1}\"\n1,2,11,\"b\",@null@\n1,3,10,\"c\",\"[]\"\n");
        await load.PutAsync(
            "path/records.csv.gz",
            "\"state\",\"feed\",\"T\",1,0,1,@null@,\"run\",3,@null@,@null@,@null@,2026-01-02 03:04:05.000000+00:00,\"{}\","
                + "@null@,@null@,@null@,@null@\n"
                + "\"load\",@null@,@null@,@null@,@null@,1,\"load-1\",\"run\",3,\"bucket\",@null@,@null@,@null@,@null@,@null@,@null@,@null@,@null@\n"
                + "\"file\",@null@,@null@,@null@,@null@,1,@null@,@null@,@null@,\"bucket\",\"key.csv\",\"etag\",@null@,@null@,@null@,1,5,@null@\n");
        await load.RunAsync(StandInLoad.Copy(Rows, "ON_ERROR = ABORT_STATEMENT", "rows.csv.gz"));
        await load.RunAsync(StandInLoad.Copy(Records, "ON_ERROR = ABORT_STATEMENT", "records.csv.gz"));
        await load.RunAsync("INSERT INTO T (ID, NAME) VALUES (10, 'old')");

        Assert.Equal(["committed"], await load.RunAsync(Block()));

        Assert.Equal(
            ["10|c|[]|1767323045.000000000 1440|s3://bucket/key.csv", "11|b|NULL|1767323045.000000000 1440|s3://bucket/key.csv"],
            await load.RunAsync("SELECT ID, NAME, DOC, \"_UPDATED_AT\", \"_FILE_NAME\" FROM T ORDER BY ID"));
        Assert.Equal(["1|1|{}"], await load.RunAsync($"SELECT k.epoch, k.sequence, k.schema_json FROM {Lock} k"));
        Assert.Equal(["key.csv|etag|5|load-1"], await load.RunAsync($"SELECT object_key, etag, size, load_id FROM {Files}"));
        Assert.Equal(["1"], await load.RunAsync($"SELECT COUNT(*) FROM {Loads} WHERE feed_id = ? AND load_id = ?", "feed", "load-1"));
        var (code, message) = await load.FailAsync(Block());
        Assert.Equal("-20001", code);
        Assert.EndsWith(" : peaks3feed: check that the load is not committed yet", message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_ledger_is_read()
    {
        await using var load = await StandInLoad.OpenAsync();
        await CreateAsync(load);
        await load.RunAsync($"""
            UPDATE {Lock} SET epoch = epoch + 1, load_type = ?, process_id = CAST(? AS BIGINT) WHERE epoch = CAST(? AS BIGINT)
            """, "Append", "7", "1");
        Assert.Equal(
            ["2|Append|7|0"],
            await load.RunAsync($"SELECT k.epoch, k.load_type, k.process_id, (SELECT COUNT(*) FROM (SELECT 1 FROM T LIMIT 1) a) FROM {Lock} k"));
        Assert.Equal(
            [],
            await load.RunAsync($"""
                SELECT feed_id, mode FROM (
                    SELECT feed_id, mode, ROW_NUMBER() OVER (PARTITION BY feed_id ORDER BY sequence DESC) AS n FROM {Loads}
                    WHERE table_name = ? AND feed_id <> ? AND retired = 0) l
                WHERE n = 1
                """, "T", "feed"));
        Assert.Equal(
            ["0|0|0|NULL"],
            await load.RunAsync($"""
                SELECT
                    (SELECT COUNT(*) FROM {Loads} WHERE feed_id = ?),
                    (SELECT COALESCE(SUM(object_count), 0) FROM {Loads} WHERE feed_id = ? AND retired = 0 AND sequence >=
                        (SELECT COALESCE(MAX(sequence), 0) FROM {Loads} WHERE feed_id = ? AND mode = 'Replace')),
                    (SELECT COUNT(*) FROM {Files} WHERE feed_id = ?),
                    (SELECT MAX(mode) FROM {Loads} WHERE audited = 1 AND sequence = (SELECT MAX(sequence) FROM {Loads}))
                """, "feed", "feed", "feed", "feed"));
        Assert.Equal(
            [],
            await load.RunAsync($"""
                SELECT object_key, etag, size FROM (
                    SELECT object_key, etag, size, ROW_NUMBER() OVER (PARTITION BY object_key ORDER BY generation + CASE
                        WHEN feed_id = ? AND retired = CAST(? AS BIGINT) THEN CAST(? AS BIGINT) ELSE 0 END DESC) AS n FROM {Files}
                    WHERE (feed_id = ? OR feed_id = ?) AND bucket = ? AND object_key > ?) f
                WHERE n = 1 ORDER BY object_key LIMIT 20000
                """, "feed", "0", "5", "feed", "other", "bucket", "a"));
        Assert.Equal(
            [],
            await load.RunAsync($"""
                SELECT DISTINCT "_FILE_NAME" FROM T WHERE LEFT("_FILE_NAME", CAST(? AS INTEGER)) = ? AND COALESCE("_REQUEST_ID", '') NOT IN (
                    SELECT run_id FROM {Loads} WHERE table_name = ? AND feed_id <> ? AND mode <> 'Replace')
                """, "5", "s3://", "T", "feed"));
        Assert.Equal(
            [],
            await load.RunAsync($"""
                SELECT l.feed_id, l.table_name, l.retired, MIN(l.sequence), MAX(l.sequence), COUNT(*), SUM(l.object_count), MAX(l.committed_at),
                    COUNT(t.run), SUM(l.audited)
                FROM {Loads} l LEFT JOIN (SELECT DISTINCT "_REQUEST_ID" AS run FROM T) t ON t.run = l.run_id
                WHERE (l.table_name = ? OR l.feed_id = ?) AND NOT (l.feed_id = ? AND l.table_name = ? AND l.retired = 0)
                GROUP BY l.feed_id, l.table_name, l.retired
                """, "T", "feed", "feed", "T"));
    }

    private static async Task CreateAsync(StandInLoad load)
    {
        await load.RunAsync($"""
            CREATE TABLE IF NOT EXISTS {Lock} (feed_id VARCHAR(36) NOT NULL, table_name VARCHAR(255) NOT NULL, format_version BIGINT NOT NULL,
                epoch BIGINT NOT NULL, sequence BIGINT NOT NULL, load_type VARCHAR(16) NOT NULL, schema_json VARCHAR, signature VARCHAR(256),
                run_id VARCHAR(36) NOT NULL, host VARCHAR(512) NOT NULL, process_id BIGINT NOT NULL, claimed_at VARCHAR(32) NOT NULL)
            AS SELECT ?, ?, 1, 1, 0, ?, NULL, NULL, ?, ?, CAST(? AS BIGINT), ?
            """, "feed", "T", "Append", "run", "host", "5", "now");
        await load.RunAsync($"""
            CREATE TABLE IF NOT EXISTS {Loads} (feed_id VARCHAR(36) NOT NULL, table_name VARCHAR(255) NOT NULL, sequence BIGINT NOT NULL,
                load_id VARCHAR(64) NOT NULL, run_id VARCHAR(36) NOT NULL, mode VARCHAR(16) NOT NULL, row_count BIGINT NOT NULL,
                object_count BIGINT NOT NULL, committed_at VARCHAR(32) NOT NULL, audited BIGINT NOT NULL, retired BIGINT NOT NULL)
            """);
        await load.RunAsync($"""
            CREATE TABLE IF NOT EXISTS {Files} (feed_id VARCHAR(36) NOT NULL, table_name VARCHAR(255) NOT NULL, bucket VARCHAR(255) NOT NULL,
                object_key VARCHAR(1024) NOT NULL, generation BIGINT NOT NULL, etag VARCHAR(256) NOT NULL, size BIGINT NOT NULL,
                load_id VARCHAR(64) NOT NULL, retired BIGINT NOT NULL)
            """);
        await load.RunAsync("""
            CREATE TABLE IF NOT EXISTS "T" ("ID" NUMBER(38,0), "NAME" VARCHAR, "DOC" VARIANT, "_UPDATED_AT" TIMESTAMP_TZ, "_FILE_NAME" VARCHAR,
                "_REQUEST_ID" VARCHAR)
            """);
        await load.RunAsync($"""
            CREATE TRANSIENT TABLE {Rows} ("PEAKS3FEED_OBJECT" BIGINT, "PEAKS3FEED_ROW" BIGINT, "ID" NUMBER(38,0), "NAME" VARCHAR, "DOC" VARCHAR)
            DATA_RETENTION_TIME_IN_DAYS = 0
            """);
        await load.RunAsync($"""
            CREATE TRANSIENT TABLE {Records} (kind VARCHAR(8), feed_id VARCHAR(36), table_name VARCHAR(255), epoch BIGINT, expected BIGINT,
                generation BIGINT, load_id VARCHAR(64), run_id VARCHAR(36), row_count BIGINT, bucket VARCHAR(255), object_key VARCHAR(1024),
                etag VARCHAR(256), stamped_at TIMESTAMPTZ, schema_json VARCHAR, signature VARCHAR(256), ordinal BIGINT, size BIGINT, mode VARCHAR(16))
            DATA_RETENTION_TIME_IN_DAYS = 0
            """);
    }

    private static string Block()
    {
        const string LastOfEachKey = $"""
            (SELECT "PEAKS3FEED_OBJECT", "ID", "NAME", "DOC", ROW_NUMBER() OVER (
                PARTITION BY "ID" ORDER BY "PEAKS3FEED_OBJECT" DESC, "PEAKS3FEED_ROW" DESC) AS "PEAKS3FEED_RANK" FROM {Rows}) i
            """;
        string[] statements =
        [
            $"UPDATE {Lock} SET epoch = epoch",
            $"""
            SELECT CASE WHEN COUNT(*) = 0 THEN 1 ELSE 0 END INTO :held FROM {Loads} l, {Records} s, {Records} r
            WHERE {State} AND r.kind = 'load' AND l.feed_id = s.feed_id AND l.table_name = s.table_name AND l.load_id = r.load_id
            """,
            "IF (held = 0) THEN RAISE check_1; END IF",
            $"""
            SELECT CASE WHEN COUNT(*) = 1 THEN 1 ELSE 0 END INTO :held FROM {Lock} k, {Records} s
            WHERE {State} AND k.epoch = s.epoch AND k.run_id = s.run_id
            """,
            "IF (held = 0) THEN RAISE check_2; END IF",
            $"""
            SELECT CASE WHEN w.taken = s.row_count THEN 1 ELSE 0 END INTO :held
            FROM (SELECT COUNT(*) AS taken FROM {Rows} i, {Records} o WHERE o.kind = 'file' AND o.ordinal = i.PEAKS3FEED_OBJECT) w, {Records} s
            WHERE {State}
            """,
            "IF (held = 0) THEN RAISE check_3; END IF",
            $"""
            DELETE FROM "T" USING {Records} c, {Records} s, {Files} f, {Loads} l
            WHERE c.kind = 'changed' AND {State} AND f.feed_id = s.feed_id AND f.bucket = c.bucket AND f.object_key = c.object_key
            AND l.sequence = f.generation
            AND "T"."_FILE_NAME" = 's3://' || c.bucket || '/' || c.object_key AND "T"."_REQUEST_ID" = l.run_id
            """,
            $"""
            MERGE INTO "T" t USING (
                SELECT i."ID", i."NAME", PARSE_JSON(i."DOC", 'd') AS "DOC", s.stamped_at AS stamp,
                    's3://' || o.bucket || '/' || o.object_key AS file, s.run_id AS run
                FROM {LastOfEachKey} JOIN {Records} o ON o.kind = 'file' AND o.ordinal = i."PEAKS3FEED_OBJECT" JOIN {Records} s ON {State}
                WHERE i."PEAKS3FEED_RANK" = 1) i
            ON t."ID" = i."ID"
            WHEN MATCHED THEN UPDATE SET "NAME" = i."NAME", "DOC" = i."DOC", "_UPDATED_AT" = i.stamp, "_FILE_NAME" = i.file, "_REQUEST_ID" = i.run
            WHEN NOT MATCHED THEN INSERT ("ID", "NAME", "DOC", "_UPDATED_AT", "_FILE_NAME", "_REQUEST_ID")
            VALUES (i."ID", i."NAME", i."DOC", i.stamp, i.file, i.run)
            """,
            $"""
            INSERT INTO {Loads} (feed_id, table_name, sequence, load_id, run_id, mode, row_count, object_count, committed_at, audited, retired)
            SELECT s.feed_id, s.table_name, r.generation, r.load_id, r.run_id, 'Upsert', r.row_count, 1, 'now', 1, 0
            FROM {Records} r, {Records} s WHERE r.kind = 'load' AND {State}
            """,
            $"""
            INSERT INTO {Files} (feed_id, table_name, bucket, object_key, generation, etag, size, load_id, retired)
            SELECT s.feed_id, s.table_name, o.bucket, o.object_key, o.generation, o.etag, o.size, r.load_id, 0
            FROM {Records} o, {Records} r, {Records} s
            WHERE o.kind IN ('file', 'assumed') AND r.kind = 'load' AND r.generation = o.generation AND {State}
            """,
            $"""
            UPDATE {Lock} SET sequence = s.generation, schema_json = s.schema_json, signature = s.signature
            FROM {Records} s WHERE {State} AND {Lock}.feed_id = s.feed_id AND {Lock}.table_name = s.table_name
            """,
        ];
        string[] checks = ["check that the load is not committed yet", "check that this run still has the feed", "check the number of staged rows"];
        var exceptions = checks.Select(
            (c, i) => string.Create(CultureInfo.InvariantCulture, $"  check_{i + 1} EXCEPTION ({-20001 - i}, 'peaks3feed: {c}');\n"));
        var block = $"DECLARE\n{string.Concat(exceptions)}  held INTEGER;\nBEGIN\n  BEGIN TRANSACTION;\n"
            + string.Concat(statements.Select(s => $"  {s.ReplaceLineEndings(" ")};\n"))
            + "  COMMIT;\n  RETURN 'committed';\nEXCEPTION\n  WHEN OTHER THEN\n    ROLLBACK;\n    RAISE;\nEND;";
        return $"EXECUTE IMMEDIATE '{block.Replace("'", "''", StringComparison.Ordinal)}'";
    }
}
