using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Redshift;

/// <summary>What a channel does on both ways in.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class RedshiftChannelTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [SkippableTheory]
    [InlineData(WayIn.Wire)]
    [InlineData(WayIn.DataApi)]
    public async Task A_query_returns_texts_and_null(WayIn way)
    {
        await using var h = await ChannelHarness.StartAsync(way);
        await using var channel = await h.OpenAsync();
        h.Load.Server.PageSize = 1;

        var rows = await channel.QueryAsync(
            new(
                """
                SELECT 7::BIGINT, 'x:y'::VARCHAR(9), true, false, NULL::BIGINT, 1.50::DECIMAL(9,2), CAST(:day AS DATE), :it
                UNION ALL SELECT -1, '', NULL, true, CAST(:number AS BIGINT), 0.00, NULL, :it ORDER BY 1
                """,
                ("day", "2026-02-03"), ("number", "9223372036854775807"), ("it", "it's \"quoted\" : \\ ü")),
            default).ToListAsync();

        const string It = "it's \"quoted\" : \\ ü";
        Assert.Equal(2, rows.Count);
        Assert.Equal(["-1", "", null, "true", "9223372036854775807", "0.00", null, It], rows[0]);
        Assert.Equal(["7", "x:y", "true", "false", null, "1.50", "2026-02-03", It], rows[1]);
    }

    [SkippableTheory]
    [InlineData(WayIn.Wire)]
    [InlineData(WayIn.DataApi)]
    public async Task A_statement_runs_by_itself_and_says_how_many_rows_it_changed(WayIn way)
    {
        await using var h = await ChannelHarness.StartAsync(way);
        await using var channel = await h.OpenAsync();

        await channel.ExecuteAsync(new($"CREATE TABLE {h.Table} (id BIGINT, name VARCHAR(5))"), default);
        var manifest = await h.Load.ManifestAsync(await h.Load.PutAsync("1.gz", "1,a\n2,@null@\n"));
        var copied = await channel.ExecuteAsync(new(h.Load.Copy("t", manifest)), default);
        var inserted = await channel.ExecuteAsync(new($"INSERT INTO {h.Table} (id) VALUES (CAST(:id AS BIGINT))", ("id", "3")), default);
        var deleted = await channel.ExecuteAsync(new($"DELETE FROM {h.Table} WHERE id > 7"), default);

        Assert.Equal((2L, 1L, 0L), (copied, inserted, deleted));
        Assert.Equal("1,2,3", await h.IdsAsync());
    }

    [SkippableFact]
    public async Task A_statement_that_the_Data_API_does_not_take_is_an_error_that_names_it()
    {
        await using var h = await ChannelHarness.StartAsync(WayIn.DataApi);
        await using var channel = await h.OpenAsync();
        await channel.ExecuteAsync(new($"CREATE TABLE {h.Table} (id BIGINT)"), default);
        var columns = string.Join(", ", Enumerable.Range(1, 1_000).Select(i => $"{i} AS \"{new string('c', 100)}{i}\""));
        var script = new WarehouseScript([new("insert a row", $"INSERT INTO {h.Table} VALUES (1)"), new("read a wide row", $"SELECT {columns}")]);

        var error = await Assert.ThrowsAsync<FeedException>(() => channel.RunAsync(script, () => { }, default));

        Assert.Equal("StatementTooLong", error.Id);
        Assert.Contains("(read a wide row) has 11", error.Message, StringComparison.Ordinal);
        Assert.Equal("", await h.IdsAsync());
    }

    [SkippableTheory]
    [InlineData(WayIn.Wire)]
    [InlineData(WayIn.DataApi)]
    public async Task A_script_is_one_transaction_and_names_the_statement_that_failed(WayIn way)
    {
        await using var h = await ChannelHarness.StartAsync(way);
        await using var channel = await h.OpenWithTableAsync();
        var reached = new List<CommitStep>();
        var commits = 0;
        WarehouseScript Script(int expected, string token) => new(
            [
                new("lock", $"LOCK {h.Table}", CommitStep.Locked), new("insert", $"INSERT INTO {h.Table} VALUES (1, 'a'), (2, 'b')"),
                new("check: rows", $"SELECT 1 / (CASE WHEN count(*) = {expected} THEN 1 ELSE 0 END) FROM {h.Table}", CommitStep.Checked),
            ],
            token)
        {
            Reached = reached.Add,
        };

        var failed = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.RunAsync(Script(3, "one"), () => commits++, default));
        Assert.Equal("", await h.IdsAsync());
        Assert.Equal(("check: rows", StatementRefusal.CheckFailed, FaultKind.Refused), (failed.Statement, failed.Refusal, channel.Classify(failed)));
        var (commitsOfFailure, reachedByFailure) = (commits, reached.Count);
        await channel.RunAsync(Script(2, "two"), () => commits++, default);

        Assert.Equal("1,2", await h.IdsAsync());
        Assert.Equal(way == WayIn.Wire ? (0, 1) : (1, 0), (commitsOfFailure, reachedByFailure));
        Assert.Equal(way == WayIn.Wire ? 1 : 2, commits);
        Assert.Equal(way == WayIn.Wire ? [CommitStep.Locked, CommitStep.Locked, CommitStep.Checked] : [], reached);
        await channel.SettleAsync(default);
        Assert.Equal("1,2", await h.IdsAsync());
    }

    [SkippableTheory]
    [InlineData(WayIn.Wire)]
    [InlineData(WayIn.DataApi)]
    public async Task Cancelling_a_COPY_that_stalls_cancels_it_in_the_warehouse(WayIn way)
    {
        await using var h = await ChannelHarness.StartAsync(way);
        await using var channel = await h.OpenWithTableAsync();
        var manifest = await h.Load.ManifestAsync(await h.Load.PutAsync("1.gz", "1,a\n"));
        h.Load.Server.Controls.Add(new ControlRule("stall", $"COPY {h.Load.Schema}", ControlAction.Stall));
        using var limit = new CancellationTokenSource(Limit);
        using var cancel = new CancellationTokenSource();

        var copy = channel.ExecuteAsync(new(h.Load.Copy("t", manifest)), cancel.Token);
        await h.Load.Server.Controls.ReachedAsync("stall", limit.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copy.WaitAsync(limit.Token));
        h.Load.Server.Controls.Release("stall");

        // A COPY that still ran would insert its row, now that nothing stalls it.
        await channel.ExecuteAsync(new($"INSERT INTO {h.Table} (id) VALUES (2)"), default);
        await Task.Delay(300);
        Assert.Equal("2", await h.IdsAsync());
    }

    [SkippableTheory]
    [InlineData(WayIn.Wire)]
    [InlineData(WayIn.DataApi)]
    public async Task A_script_can_be_cancelled_until_it_is_committing_and_not_after(WayIn way)
    {
        await using var h = await ChannelHarness.StartAsync(way);
        await using var channel = await h.OpenWithTableAsync();
        using var cancel = new CancellationTokenSource();
        WarehouseScript Script(int id) => new([new("insert", $"INSERT INTO {h.Table} (id) VALUES ({id})")], $"token{id}");

        await channel.RunAsync(Script(1), cancel.Cancel, cancel.Token);
        var early = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => channel.RunAsync(Script(2), () => { }, cancel.Token));

        Assert.Equal(cancel.Token, early.CancellationToken);
        Assert.Equal("1", await h.IdsAsync());
        await channel.RunAsync(Script(3), () => { }, default);
        Assert.Equal("1,3", await h.IdsAsync());
    }

    [SkippableTheory]
    [InlineData(WayIn.Wire)]
    [InlineData(WayIn.DataApi)]
    public async Task The_rows_that_the_newest_COPY_refused_are_named(WayIn way)
    {
        await using var h = await ChannelHarness.StartAsync(way);
        await using var channel = await h.OpenWithTableAsync();
        var older = await h.Load.ManifestAsync(await h.Load.PutAsync("1.gz", "1,a\nx,b\n"));
        var file = await h.Load.PutAsync("2.gz", "1,a\n2,b\n3,toolong\n");
        var newer = await h.Load.ManifestAsync(file);

        Assert.Empty(await channel.ReadLoadErrorsAsync("t", default));
        await Assert.ThrowsAsync<StatementRefusedException>(() => channel.ExecuteAsync(new(h.Load.Copy("t", older)), default));
        var refused = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.ExecuteAsync(new(h.Load.Copy("t", newer)), default));
        var error = Assert.Single(await channel.ReadLoadErrorsAsync("t", default));

        Assert.Equal((StatementRefusal.RowRefused, FaultKind.RowRefused), (refused.Refusal, channel.Classify(refused)));
        Assert.Equal((file.Url, 3L, "name", "3,toolong"), (error.File, error.Line, error.Column, error.RawLine));
        Assert.Equal("character(5)", error.Type); // the view cuts the type's name
        Assert.NotEmpty(error.Reason);
        Assert.Empty(await channel.ReadLoadErrorsAsync("another", default));
    }

    [SkippableTheory]
    [InlineData(WayIn.Wire)]
    [InlineData(WayIn.DataApi)]
    public async Task Two_transactions_in_conflict_fail_with_one_that_may_be_tried_again(WayIn way)
    {
        await using var h = await ChannelHarness.StartAsync(way);
        await using var channel = await h.OpenWithTableAsync();
        await channel.ExecuteAsync(new($"INSERT INTO {h.Table} VALUES (1, 'a')"), default);
        h.Load.Server.Controls.Add(new ControlRule("stall", $"UPDATE {h.Table} SET id = 3", ControlAction.Stall));
        using var limit = new CancellationTokenSource(Limit);

        var script = channel.RunAsync(
            new([new("read", $"SELECT count(*) FROM {h.Table}"), new("update", $"UPDATE {h.Table} SET id = 3")]), () => { }, default);
        await h.Load.Server.Controls.ReachedAsync("stall", limit.Token);
        await h.Load.ExecuteAsync($"UPDATE {h.Table} SET id = 2");
        h.Load.Server.Controls.Release("stall");
        var error = await Assert.ThrowsAsync<StatementRefusedException>(() => script);

        Assert.Equal(("update", StatementRefusal.Conflict, FaultKind.Transient), (error.Statement, error.Refusal, channel.Classify(error)));
        Assert.Equal("2", await h.IdsAsync());
        Assert.Single(await channel.QueryAsync(new("SELECT 1"), default).ToListAsync());
    }

    [SkippableTheory]
    [InlineData(WayIn.Wire, false)]
    [InlineData(WayIn.DataApi, true)]
    public async Task A_transaction_has_at_most_40_statements_on_the_Data_API_alone(WayIn way, bool isLimited)
    {
        await using var h = await ChannelHarness.StartAsync(way);
        await using var channel = await h.OpenWithTableAsync();
        NamedStatement[] statements = [.. Enumerable.Range(1, 41).Select(i => new NamedStatement($"insert {i}", $"INSERT INTO {h.Table} VALUES ({i})"))];

        await channel.RunAsync(new(statements[..40]), () => { }, default);
        var more = await Record.ExceptionAsync(() => channel.RunAsync(new(statements), () => { }, default));

        Assert.Equal(isLimited ? "TooManyStatements" : null, (more as FeedException)?.Id);
        Assert.Equal(isLimited ? 40 : 81, (await h.IdsAsync()).Split(',').Length);
    }

    [SkippableTheory]
    [InlineData(WayIn.Wire)]
    [InlineData(WayIn.DataApi)]
    public async Task A_role_that_may_not_read_the_staged_files_is_named_with_its_policy(WayIn way)
    {
        await using var h = await ChannelHarness.StartAsync(way);
        await using var channel = await h.OpenWithTableAsync();
        var manifest = await h.Load.ManifestAsync(await h.Load.PutAsync("1.gz", "1,a\n"));

        var copy = h.Load.Copy("t", manifest, role: StagedLoad.Role + "-denied");
        var refused = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.ExecuteAsync(new(copy), default));
        var error = Assert.IsType<FeedException>(channel.Translate(refused));

        Assert.Equal(StatementRefusal.FilesRefused, refused.Refusal);
        Assert.Equal(("StagedFilesRefused", FeedErrorCategory.PermissionDenied), (error.Id, error.Category));
        Assert.Contains(StagedLoad.Role, error.Message, StringComparison.Ordinal);
        Assert.Contains("Access Denied", error.Message, StringComparison.Ordinal);
        Assert.Equal("Get-S3FeedPolicy -Name dw -For Copy", Assert.Single(error.Remedies).Cmdlet);
    }

    [SkippableTheory]
    [InlineData(WayIn.Wire)]
    [InlineData(WayIn.DataApi)]
    public async Task What_exists_or_is_missing_is_told_apart(WayIn way)
    {
        await using var h = await ChannelHarness.StartAsync(way);
        await using var channel = await h.OpenWithTableAsync();

        Task<StatementRefusedException> FailAsync(string sql)
            => Assert.ThrowsAsync<StatementRefusedException>(() => channel.ExecuteAsync(new(sql), default));

        Assert.Equal(StatementRefusal.Exists, (await FailAsync($"CREATE TABLE {h.Table} (id BIGINT)")).Refusal);
        Assert.Equal(StatementRefusal.Exists, (await FailAsync($"ALTER TABLE {h.Table} ADD COLUMN id BIGINT")).Refusal);
        Assert.Equal(StatementRefusal.Missing, (await FailAsync($"DROP TABLE {h.Table}x")).Refusal);
        Assert.Equal(StatementRefusal.Missing, (await FailAsync($"UPDATE {h.Table} SET there = 1")).Refusal);
        var missing = await FailAsync($"CREATE TABLE {h.Load.Schema}x.t (id BIGINT)");
        Assert.Equal(StatementRefusal.Missing, missing.Refusal);
        var error = Assert.IsType<FeedException>(channel.Translate(missing));
        Assert.Equal(("DestinationRefused", FeedErrorCategory.ObjectNotFound), (error.Id, error.Category));
        Assert.Contains($"(CREATE TABLE {h.Load.Schema}x.t (id BIGINT))", error.Message, StringComparison.Ordinal);
    }
}
