using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;
using PeakS3Feed.TestServers.SnowflakeApi;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>Statements through the SQL API, from their submission to their end.</summary>
public sealed class SnowflakeChannelTests
{
    [Fact]
    public async Task A_query_names_its_place_and_binds_its_values()
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Next.Enqueue(new() { Columns = ["A", "B"], Rows = [["1", null], ["x", "y"]] });
        var rows = await h.Open().QueryAsync(
            new("SELECT a FROM t WHERE b = :b AND c = ':b' AND d = :b", ("b", "O'Neil")), default).ToListAsync();

        Assert.Equal([["1", null], ["x", "y"]], rows);
        var call = Assert.Single(h.Api.Calls);
        Assert.Equal("SELECT a FROM t WHERE b = ? AND c = ':b' AND d = ?", call.Statement);
        Assert.Equal("""{"1":{"type":"TEXT","value":"O\u0027Neil"},"2":{"type":"TEXT","value":"O\u0027Neil"}}""", call.Member("bindings"));
        Assert.Equal(("ANALYTICS", "PUBLIC", "LOAD_WH", "loader"),
            (call.Member("database"), call.Member("schema"), call.Member("warehouse"), call.Member("role")));
        Assert.Equal("""{"TIMEZONE":"UTC","ROWS_PER_RESULTSET":"0","QUERY_TAG":"peaks3feed orders"}""", call.Member("parameters"));
        Assert.Equal("0", call.Member("timeout"));
        Assert.False(call.Query.ContainsKey("async"));
        Assert.Equal("OAUTH", call.Header("X-Snowflake-Authorization-Token-Type"));
        Assert.StartsWith("PeakS3Feed/", call.Header("User-Agent"), StringComparison.Ordinal);
        Assert.Contains("gzip", call.Header("Accept-Encoding"), StringComparison.Ordinal);
        Assert.Equal("Snowflake ANALYTICS.PUBLIC in myorg-my_account", h.Channels.Location);
    }

    [Fact]
    public async Task A_query_that_takes_long_is_polled_ever_less_often()
    {
        var time = new SteppedTime(DateTimeOffset.UtcNow);
        await using var h = await SqlApiHarness.StartAsync(time: time);
        h.Api.Next.Enqueue(new() { EndsAfter = 11, Rows = [["1"]] });
        var running = h.Open().QueryAsync(new("SELECT 1"), default).ToListAsync().AsTask();
        var waits = await time.WaitsUntilAsync(running);
        Assert.Equal([["1"]], await running);
        Assert.Equal([0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5], waits);
        Assert.Equal(11, h.Calls("poll").Count);
        Assert.Single(h.Calls("submit"));
    }

    [Fact]
    public async Task A_result_is_read_partition_by_partition()
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Next.Enqueue(new()
        {
            Columns = ["N", "name"], Rows = [.. Enumerable.Range(0, 5).Select(i => (IReadOnlyList<string?>)[$"{i}", $"é{i}"])],
        });
        h.Api.Fail("partition", new SqlApiFault(503));
        var rows = await h.Open().QueryByNameAsync(new("SHOW x"), default).ToListAsync();
        Assert.Equal(["0é0", "1é1", "2é2", "3é3", "4é4"], rows.Select(r => r["n"] + r["NAME"]));
        Assert.Equal(["1", "1", "2"], h.Calls("partition").Select(c => c.Query["partition"]));
    }

    [Fact]
    public async Task Reading_stops_at_the_partition_where_the_reader_stops()
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Next.Enqueue(new() { Rows = [.. Enumerable.Repeat((IReadOnlyList<string?>)["1"], 9)] });
        Assert.Equal(3, await h.Open().QueryAsync(new("SELECT 1"), default).Take(3).CountAsync());
        Assert.Single(h.Calls("partition"));
    }

    [Theory]
    [InlineData("number of rows inserted", "7", 7L)]
    [InlineData("rows_loaded", "7", 7L)]
    [InlineData("status", "Table T successfully created.", null)]
    [InlineData("status", "Copy executed with 0 files processed.", 0L)]
    public async Task A_statement_of_its_own_is_sent_async_and_says_how_many_rows_it_changed(string column, string value, long? rows)
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Next.Enqueue(new() { Columns = [column], Rows = [[value]], EndsAfter = 1 });
        Assert.Equal(rows, await h.Open().ExecuteAsync(new("INSERT"), default));
        Assert.Equal("true", h.Calls("submit")[0].Query["async"]);
    }

    [Fact]
    public async Task The_rows_of_a_merge_and_of_all_files_of_a_copy_are_added()
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Next.Enqueue(new()
        {
            Columns = ["number of rows inserted", "number of rows updated", "number of multi-joined rows updated"], Rows = [["3", "4", "9"]],
        });
        h.Api.Next.Enqueue(new()
        {
            Columns = ["file", "status", "rows_parsed", "rows_loaded"], Rows = [["a", "LOADED", "5", "5"], ["b", "LOADED", "9", "6"]],
        });
        h.Api.Next.Enqueue(new() { Stats = new() { ["numRowsInserted"] = 2, ["numRowsUpdated"] = 0, ["numRowsDeleted"] = 1 } });
        var channel = h.Open();
        Assert.Equal(7, await channel.ExecuteAsync(new("MERGE"), default));
        Assert.Equal(11, await channel.ExecuteAsync(new("COPY"), default));
        Assert.Equal(3, await channel.ExecuteAsync(new("UPDATE"), default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_refused_statement_says_what_and_why(int polls)
    {
        await using var h = await SqlApiHarness.StartAsync();
        var statement = new FakeSqlStatement
        {
            EndsAfter = polls, Failure = (422, "003001", "42501", "SQL access control error:\nInsufficient privileges to operate on schema 'PUBLIC'"),
        };
        h.Api.Next.Enqueue(statement);
        var channel = h.Open();
        var error = await Assert.ThrowsAsync<StatementRefusedException>(() => channel.ExecuteAsync(new("CREATE  TABLE\n t (c INT)"), default));
        Assert.Equal(("CREATE TABLE t (c INT)", StatementRefusal.Denied), (error.Statement, error.Refusal));
        Assert.Equal(FaultKind.Refused, channel.Classify(error));

        var shown = Assert.IsType<FeedException>(channel.Translate(error));
        Assert.Equal(("DestinationRefused", FeedErrorCategory.PermissionDenied, "003001", statement.Handle),
            (shown.Id, shown.Category, shown.ServiceCode, shown.RequestId));
        Assert.Equal(
            "Snowflake ANALYTICS.PUBLIC in myorg-my_account refused a statement (CREATE TABLE t (c INT)): "
                + "SQL access control error: Insufficient privileges to operate on schema 'PUBLIC'",
            shown.Message);
        Assert.Contains("role loader", shown.Hint, StringComparison.Ordinal);
        Assert.Single(h.Calls("submit"));
    }

    [Fact]
    public async Task A_statement_that_ran_into_a_timeout_may_have_had_an_effect_and_is_not_repeated()
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Next.Enqueue(new()
        {
            EndsAfter = 1,
            Failure = (408, "000630", "57014", "Statement reached its statement or warehouse timeout of 10 second(s) and was canceled."),
        });
        var channel = h.Open();
        var error = await Assert.ThrowsAsync<StatementInDoubtException>(() => channel.ExecuteAsync(new("COPY"), default));
        Assert.Equal(FaultKind.Unknown, channel.Classify(error));
        var shown = Assert.IsType<FeedException>(channel.Translate(error));
        Assert.Equal("DestinationRefused", shown.Id);
        Assert.Contains("STATEMENT_TIMEOUT_IN_SECONDS", shown.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_service_is_asked_again_after_the_time_that_it_names()
    {
        var time = new SteppedTime(DateTimeOffset.UtcNow);
        await using var h = await SqlApiHarness.StartAsync(time: time);
        h.Api.Fail("submit", new SqlApiFault(429) { RetryAfter = "7" });
        h.Api.Fail("submit", new SqlApiFault(503) { RetryAfter = time.GetUtcNow().AddSeconds(127).ToString("R") });
        h.Api.Fail("submit", new SqlApiFault(503) { RetryAfter = "86400" });
        h.Api.Fail("submit", new SqlApiFault(504) { Code = null, Message = "<html>gateway</html>" });
        h.Api.Next.Enqueue(new() { Rows = [["1"]] });
        var running = h.Open().QueryAsync(new("SELECT 1"), default).ToListAsync().AsTask();
        var waits = await time.WaitsUntilAsync(running);
        Assert.Equal([["1"]], await running);
        Assert.Equal(7, waits[0]);
        Assert.InRange(waits[1], 118, 122); // the header has whole seconds
        Assert.Equal(300, waits[2]);
        Assert.All(waits[3..], w => Assert.InRange(w, 0, 1)); // the policy's own delay is random, and may be none
        Assert.Equal([false, true, true, true, true], h.Calls("submit").Select(c => c.IsRetry));
        Assert.Single(h.Calls("submit").Select(c => c.RequestId).Distinct());
        Assert.Contains(h.Log, l => l.Contains("attempt 2 of 5 follows in 7.0 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lost_answer_is_fetched_with_the_same_request_id()
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Next.Enqueue(new() { Columns = ["number of rows inserted"], Rows = [["3"]] });
        h.Api.Fail("submit", new SqlApiFault { LosesAnswer = true });
        Assert.Equal(3, await h.Open().ExecuteAsync(new("INSERT"), default));
        Assert.Equal(1, h.Api.Started);
        Assert.Equal([false, true], h.Calls("submit").Select(c => c.IsRetry));
        Assert.True(Guid.TryParse(Assert.Single(h.Calls("submit").Select(c => c.RequestId).Distinct()), out _));
    }

    [Fact]
    public async Task Each_statement_has_a_request_id_of_its_own()
    {
        await using var h = await SqlApiHarness.StartAsync();
        var channel = h.Open();
        await channel.ExecuteAsync(new("SELECT 1"), default);
        await channel.ExecuteAsync(new("SELECT 1"), default);
        Assert.Equal(2, h.Calls("submit").Select(c => c.RequestId).Distinct().Count());
    }

    [Theory]
    [InlineData(503, "390001", "DestinationNotReady", FaultKind.Transient)]
    [InlineData(502, null, "DestinationNotReady", FaultKind.Transient)]
    [InlineData(400, "390142", "DestinationRefused", FaultKind.Unknown)]
    [InlineData(404, null, "DestinationNotSnowflake", FaultKind.Unknown)]
    [InlineData(403, null, "DestinationNotSnowflake", FaultKind.Unknown)]
    [InlineData(200, null, "DestinationNotSnowflake", FaultKind.Unknown)]
    [InlineData(422, null, "DestinationNotSnowflake", FaultKind.Unknown)]
    public async Task An_answer_that_is_no_result_is_an_error_that_says_what_to_do(int status, string? code, string id, FaultKind fault)
    {
        await using var h = await SqlApiHarness.StartAsync();
        h.Api.Fail("submit", new SqlApiFault(status) { Code = code, Message = code is null ? "<html>secret page</html>" : "words" }, times: 9);
        var channel = h.Open();
        var error = await Assert.ThrowsAsync<FeedException>(() => channel.ExecuteAsync(new("SELECT 1"), default));
        Assert.Equal((id, fault), (error.Id, channel.Classify(error)));
        Assert.DoesNotContain("secret page", error.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint!);
        Assert.Equal(fault == FaultKind.Transient ? 5 : 1, h.Calls("submit").Count);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        await using var h = await SqlApiHarness.StartAsync();
        await h.Api.DisposeAsync();
        var channel = h.Open();
        var error = await Assert.ThrowsAsync<FeedException>(() => channel.ExecuteAsync(new("SELECT 1"), default));
        Assert.Equal(("DestinationUnreachable", FaultKind.Transient), (error.Id, channel.Classify(error)));
    }

    [Fact]
    public async Task An_answer_larger_than_any_of_the_services_is_not_read()
    {
        await using var api = await FakeSqlApi.StartAsync();
        api.Fail("poll", new SqlApiFault(200) { Message = new string('x', 200_000) });
        using var http = new SqlApiHttp(new Uri(api.Url), TimeSpan.FromSeconds(30), maxAnswerBytes: 100_000);
        await Assert.ThrowsAsync<PeakS3Feed.Connections.Diagnosis.UnexpectedResponseException>(
            () => http.SendAsync(HttpMethod.Get, "/api/v2/statements/x", null, new("OAUTH", "t"), default));
        api.Fail("poll", new SqlApiFault(200) { Message = new string('x', 90_000) });
        Assert.Equal(200, (await http.SendAsync(HttpMethod.Get, "/api/v2/statements/x", null, new("OAUTH", "t"), default)).Status);
    }

    [Fact]
    public async Task A_statement_longer_than_snowflake_takes_is_refused_before_it_is_sent()
    {
        await using var h = await SqlApiHarness.StartAsync();
        var sql = "SELECT '" + new string('x', SnowflakeChannel.MaxStatementBytes) + "'";
        Assert.Equal("StatementTooLong", (await Assert.ThrowsAsync<FeedException>(() => h.Open().ExecuteAsync(new(sql), default))).Id);
        Assert.Equal(
            "StatementTooLong", (await Assert.ThrowsAsync<FeedException>(() => h.Open().RunAsync(new([new("a", sql)]), () => { }, default))).Id);
        Assert.Empty(h.Api.Calls);
    }
}
