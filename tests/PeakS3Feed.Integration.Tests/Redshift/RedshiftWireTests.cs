using Npgsql;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Redshift;

/// <summary>The wire of the stand-in for Redshift, through Npgsql.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class RedshiftWireTests
{
    private const string Table = "CREATE TABLE t (id INTEGER NOT NULL, name VARCHAR(5), price DECIMAL(5,2), made TIMESTAMP, doc SUPER)";

    [SkippableFact]
    public async Task It_says_that_it_is_8_0_2()
    {
        await using var load = await StagedLoad.OpenAsync();
        await using var connection = await load.ConnectAsync();

        Assert.Equal("8.0.2", connection.ServerVersion);
        Assert.False(connection.PostgresParameters.ContainsKey("standard_conforming_strings"));
    }

    [SkippableFact]
    public async Task It_speaks_TLS_if_it_has_a_certificate()
    {
        using var certificate = TestCertificate.Create("localhost", -1, 1);
        await using var load = await StagedLoad.OpenAsync(certificate);
        var settings = new NpgsqlConnectionStringBuilder(load.Server.ConnectionString) { Host = "localhost", SslMode = SslMode.Require, Pooling = false };
        await using var encrypted = new NpgsqlConnection(settings.ConnectionString);
        await encrypted.OpenAsync();
        settings.SslMode = SslMode.VerifyFull;
        await using var verified = new NpgsqlConnection(settings.ConnectionString);

        Assert.Equal(["1"], await StagedLoad.RowsAsync(encrypted, "SELECT 1"));
        await Assert.ThrowsAsync<NpgsqlException>(() => verified.OpenAsync());
    }

    [SkippableFact]
    public async Task A_COPY_loads_all_files_of_its_manifest_in_the_transaction_of_its_caller()
    {
        await using var load = await StagedLoad.OpenAsync();
        await using var connection = await load.ConnectAsync();
        await StagedLoad.ExecuteAsync(connection, Table);
        var one = await load.PutAsync("1.gz", "1,\"a,\"\"b\",1.5,2026-01-02 03:04:05.000006,\"{\"\"x\"\":[1]}\"\n2,@null@,@null@,@null@,@null@\n");
        var two = await load.PutAsync("2.gz", "3,\"x\r\ny\",-0.01,1999-12-31 23:59:59,\"\"\n4,\"\",,,\n");
        var manifest = await load.ManifestAsync(one, two);

        await using (var transaction = await connection.BeginTransactionAsync())
        {
            Assert.Equal(4, await StagedLoad.ExecuteAsync(connection, load.Copy("t", manifest)));
            Assert.Equal(["4"], await StagedLoad.RowsAsync(connection, "SELECT pg_last_copy_count()"));
            await transaction.RollbackAsync();
        }
        Assert.Equal(["0"], await StagedLoad.RowsAsync(connection, "SELECT count(*) FROM t"));

        Assert.Equal(4, await StagedLoad.ExecuteAsync(connection, load.Copy("t", manifest)));
        Assert.Equal(
            [
                "1|a,\"b|1.50|2026-01-02 03:04:05.000006|{\"x\": [1]}", "2|NULL|NULL|NULL|NULL",
                "3|x\r\ny|-0.01|1999-12-31 23:59:59|NULL", "4||NULL|NULL|NULL",
            ],
            await StagedLoad.RowsAsync(connection, "SELECT id, name, price, made, doc FROM t ORDER BY id"));
    }

    [SkippableFact]
    public async Task A_COPY_with_a_column_list_fills_only_those_also_in_a_batch()
    {
        await using var load = await StagedLoad.OpenAsync();
        await using var connection = await load.ConnectAsync();
        await StagedLoad.ExecuteAsync(connection, Table);
        var manifest = await load.ManifestAsync(await load.PutAsync("1", "bolt,7\n"));

        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(load.Copy("t", manifest, "(name, id)", gzip: "")));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("UPDATE t SET id = id + 1 WHERE name = 'bolt'"));
        await batch.ExecuteNonQueryAsync();

        Assert.Equal(["8|bolt"], await StagedLoad.RowsAsync(connection, "SELECT id, name FROM t"));
    }

    [SkippableTheory]
    [InlineData("1,ab\n2,\"süß\nüüü\"\n", 2, "name", "String length exceeds DDL length", "2,\"s....")]
    [InlineData("1,\"a\nb\"\nx,c\n", 3, "id", "Invalid digit, Value 'x', Pos 0, Type: Integer", "x,c")]
    [InlineData("1,a,b\n", 1, "name", "Extra column(s) found", "1,a,b")]
    [InlineData("1\n", 1, "name", "Delimiter not found", "1")]
    [InlineData("@null@,a\n", 1, "id", "Missing data for not-null field", "@null@,a")]
    [InlineData("1,\"a\n", 1, "", "Delimited value missing end quote", "1,\"a\n")]
    [InlineData("1,a\"b\n", 1, "", "Invalid quote formatting for CSV", "1,a\"")]
    public async Task A_row_that_does_not_fit_fails_the_COPY_and_stays_in_the_system_views(
        string content, long line, string column, string reason, string raw)
    {
        await using var load = await StagedLoad.OpenAsync();
        await using var connection = await load.ConnectAsync();
        await StagedLoad.ExecuteAsync(connection, Table);
        var file = await load.PutAsync("bad.gz", content);
        var copy = load.Copy("t", await load.ManifestAsync(file), "(id, name)");
        var session = connection.ProcessID;

        // Redshift's code is XX000, and Npgsql closes a connection after such an error; so the transaction is rolled back.
        await using var transaction = await connection.BeginTransactionAsync();
        var error = await Assert.ThrowsAsync<PostgresException>(() => StagedLoad.ExecuteAsync(connection, copy));
        Assert.Equal("Load into table 't' failed. Check 'sys_load_error_detail' system table for details.", error.MessageText);

        await using var later = await load.ConnectAsync();
        Assert.Equal(
            [$"{file.Url}|{line}|{column}|{reason}"],
            await StagedLoad.RowsAsync(later, $"""
                SELECT trim(file_name), line_number, trim(column_name), trim(error_message) FROM sys_load_error_detail
                WHERE session_id = {session} AND file_name LIKE '%{load.Schema}%'
                """));
        var lines = await StagedLoad.RowsAsync(
            later, $"SELECT trim(raw_line) FROM stl_load_errors WHERE session = {session} AND filename LIKE '%{load.Schema}%'");
        Assert.StartsWith(raw, Assert.Single(lines), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_value_that_only_PostgreSQL_refuses_is_found_in_its_file()
    {
        await using var load = await StagedLoad.OpenAsync();
        await using var connection = await load.ConnectAsync();
        await StagedLoad.ExecuteAsync(connection, Table);
        var good = await load.PutAsync("1.gz", "1,2026-01-01 00:00:00\n");
        var bad = await load.PutAsync("2.gz", "2,2026-01-01 00:00:00\n3,2026-02-30 00:00:00\n");

        var manifest = await load.ManifestAsync(good, bad);
        await Assert.ThrowsAsync<PostgresException>(() => StagedLoad.ExecuteAsync(connection, load.Copy("t", manifest, "(id, made)")));

        await using var later = await load.ConnectAsync();
        Assert.Equal(
            [$"{bad.Url}|2|made|2|3,2026-02-30 00:00:00"],
            await StagedLoad.RowsAsync(later, $"""
                SELECT trim(filename), line_number, trim(colname), position, trim(raw_line) FROM stl_load_errors WHERE filename LIKE '%{load.Schema}%'
                """));
    }

    [SkippableFact]
    public async Task Files_that_differ_from_the_manifest_fail_the_COPY()
    {
        await using var load = await StagedLoad.OpenAsync();
        await using var connection = await load.ConnectAsync();
        await StagedLoad.ExecuteAsync(connection, Table);
        var file = await load.PutAsync("1.gz", "1,a\n");

        Assert.Contains("content_length", await FailAsync(file with { Length = file.Length + 1 }), StringComparison.Ordinal);
        Assert.Contains("twice", await FailAsync(file, file), StringComparison.Ordinal);
        Assert.Contains("NoSuchKey", await FailAsync(file with { Url = file.Url + "x" }), StringComparison.Ordinal);
        Assert.Equal(1, await load.ExecuteAsync(
            load.Copy("t", await load.ManifestAsync(file, file with { Url = file.Url + "x", Mandatory = false }), "(id, name)")));
        var denied = await Assert.ThrowsAsync<PostgresException>(
            async () => await load.ExecuteAsync(load.Copy("t", await load.ManifestAsync(file), role: StagedLoad.Role + "-denied")));
        Assert.Contains("AccessDenied", denied.MessageText, StringComparison.Ordinal);

        async Task<string> FailAsync(params StagedFile[] files)
        {
            var manifest = await load.ManifestAsync(files);
            return (await Assert.ThrowsAsync<PostgresException>(() => load.ExecuteAsync(load.Copy("t", manifest, "(id, name)")))).MessageText;
        }
    }

    [SkippableFact]
    public async Task A_statement_that_Redshift_lacks_fails_the_transaction()
    {
        await using var load = await StagedLoad.OpenAsync();
        await using var connection = await load.ConnectAsync();
        await StagedLoad.ExecuteAsync(connection, Table);

        await using var transaction = await connection.BeginTransactionAsync();
        var error = await Assert.ThrowsAsync<PostgresException>(
            () => StagedLoad.ExecuteAsync(connection, "INSERT INTO t (id) VALUES (1) ON CONFLICT DO NOTHING"));
        var later = await Assert.ThrowsAsync<PostgresException>(() => StagedLoad.ExecuteAsync(connection, "SELECT 1"));

        Assert.Equal("Redshift lacks ON CONFLICT", error.MessageText);
        Assert.Equal("25P02", later.SqlState);
    }

    [SkippableFact]
    public async Task Names_are_folded_keys_are_not_enforced_and_texts_are_measured_in_bytes()
    {
        await using var load = await StagedLoad.OpenAsync();
        await using var connection = await load.ConnectAsync();
        await StagedLoad.ExecuteAsync(connection, """
            CREATE TABLE "Mixed" ("Id" BIGINT ENCODE az64, "Name" VARCHAR(4), Day DATE, PRIMARY KEY ("Id"), UNIQUE (day))
            DISTSTYLE KEY DISTKEY ("Id") COMPOUND SORTKEY (Day, "Id")
            """);
        await StagedLoad.ExecuteAsync(connection, "INSERT INTO mixed (id, name, day) VALUES (1, 'abcd', '2026-01-01'), (1, 'öö', '2026-01-01')");
        var error = await Assert.ThrowsAsync<PostgresException>(() => StagedLoad.ExecuteAsync(connection, "UPDATE \"MIXED\" SET \"NAME\" = 'ööö'"));

        Assert.Equal("22001", error.SqlState);
        Assert.Equal(
            ["id|bigint|az64|t|2|t", "name|character varying(4)|none|f|0|f", "day|date|none|f|1|f"],
            await StagedLoad.RowsAsync(connection, $"""
                SELECT "column", type, encoding, distkey, sortkey, "notnull" FROM pg_table_def
                WHERE schemaname = '{load.Schema}' AND tablename = 'mixed'
                """));
        await StagedLoad.ExecuteAsync(connection, "ALTER TABLE mixed ALTER COLUMN name TYPE VARCHAR(6)");
        Assert.Equal(2, await StagedLoad.ExecuteAsync(connection, "UPDATE mixed SET name = 'ööö'"));
        await StagedLoad.ExecuteAsync(connection, "ALTER TABLE mixed ADD COLUMN note VARCHAR(2)");
        await Assert.ThrowsAsync<PostgresException>(() => StagedLoad.ExecuteAsync(connection, "UPDATE mixed SET note = 'öö'"));
    }

    [SkippableFact]
    public async Task Names_of_up_to_127_bytes_stay_apart_and_are_shown_whole()
    {
        await using var load = await StagedLoad.OpenAsync();
        await using var connection = await load.ConnectAsync();
        var (one, two) = (new string('a', 126) + "1", new string('a', 126) + "2");
        await StagedLoad.ExecuteAsync(connection, $"CREATE TABLE {one} (\"{one}\" INTEGER, \"{two}\" VARCHAR(MAX))");
        await StagedLoad.ExecuteAsync(connection, $"INSERT INTO \"{one}\" ({two}) VALUES ('x')");

        Assert.Equal(
            [$"{one}|{one}|integer", $"{one}|{two}|character varying(65535)"],
            await StagedLoad.RowsAsync(connection, $"""
                SELECT table_name, column_name, data_type FROM svv_redshift_columns WHERE schema_name = '{load.Schema}' ORDER BY ordinal_position
                """));
    }

    [SkippableFact]
    public async Task LOCK_takes_no_snapshot_and_a_write_after_anothers_commit_is_error_1023()
    {
        await using var load = await StagedLoad.OpenAsync();
        await using var first = await load.ConnectAsync();
        await using var second = await load.ConnectAsync();
        await StagedLoad.ExecuteAsync(first, "CREATE TABLE l (id INTEGER)");
        await StagedLoad.ExecuteAsync(first, "CREATE TABLE s (n INTEGER)");
        await StagedLoad.ExecuteAsync(first, "INSERT INTO s VALUES (1)");

        await using var holder = await first.BeginTransactionAsync();
        await StagedLoad.ExecuteAsync(first, "LOCK l");
        await StagedLoad.ExecuteAsync(first, "UPDATE s SET n = 2");
        await using var waiter = await second.BeginTransactionAsync();
        var lockTask = StagedLoad.ExecuteAsync(second, "LOCK l");
        await holder.CommitAsync();
        await lockTask;
        Assert.Equal(["2"], await StagedLoad.RowsAsync(second, "SELECT n FROM s"));
        Assert.Equal(1, await StagedLoad.ExecuteAsync(first, "UPDATE s SET n = 3"));
        var error = await Assert.ThrowsAsync<PostgresException>(() => StagedLoad.ExecuteAsync(second, "UPDATE s SET n = 4"));

        Assert.Equal(("XX000", "1023"), (error.SqlState, error.MessageText));
    }

    [SkippableFact]
    public async Task A_stalled_COPY_waits_for_its_release_and_can_be_cancelled()
    {
        await using var load = await StagedLoad.OpenAsync();
        await using var connection = await load.ConnectAsync();
        await StagedLoad.ExecuteAsync(connection, Table);
        var copy = load.Copy("t", await load.ManifestAsync(await load.PutAsync("1.gz", "1,a\n")), "(id, name)");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        load.Server.Controls.Add(new ControlRule("stall", "^COPY", ControlAction.Stall, Times: 2));
        var stalled = StagedLoad.ExecuteAsync(connection, copy);
        await load.Server.Controls.ReachedAsync("stall", limit.Token);
        await using var cancelled = await load.ConnectAsync();
        await using var command = new NpgsqlCommand(copy, cancelled);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command.ExecuteNonQueryAsync(cancel.Token));
        Assert.False(stalled.IsCompleted);
        Assert.True(load.Server.Controls.Release("stall"));

        Assert.Equal(1, await stalled);
        Assert.Equal(["1"], await StagedLoad.RowsAsync(cancelled, "SELECT count(*) FROM t"));
    }

    [SkippableTheory]
    [InlineData(ControlAction.DropAfter, "1")]
    [InlineData(ControlAction.DropBefore, "0")]
    public async Task The_answer_to_a_COMMIT_can_be_lost(ControlAction action, string rows)
    {
        await using var load = await StagedLoad.OpenAsync();
        await using var connection = await load.ConnectAsync();
        await StagedLoad.ExecuteAsync(connection, Table);

        load.Server.Controls.Add(new ControlRule("drop", "^COMMIT", action));
        await using var transaction = await connection.BeginTransactionAsync();
        await StagedLoad.ExecuteAsync(connection, "INSERT INTO t (id) VALUES (1)");
        var error = await Assert.ThrowsAnyAsync<NpgsqlException>(() => transaction.CommitAsync());

        Assert.IsNotType<PostgresException>(error);
        await using var other = await load.ConnectAsync();
        Assert.Equal([rows], await StagedLoad.RowsAsync(other, "SELECT count(*) FROM t"));
        Assert.Contains("INSERT INTO t (id) VALUES (1)", load.Server.Controls.Statements);
    }
}
