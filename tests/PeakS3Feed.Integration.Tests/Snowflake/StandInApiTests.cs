using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using PeakS3Feed.SnowflakeServer.Account;
using PeakS3Feed.SnowflakeServer.Api;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Snowflake;

/// <summary>The SQL API of the stand-in for Snowflake: answers, request ids, logins, and the rules of tests.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class StandInApiTests
{
    [SkippableFact]
    public async Task A_statement_that_takes_long_is_answered_with_202_and_asked_for_again()
    {
        await using var load = await StandInLoad.OpenAsync();
        load.Server.SyncWait = TimeSpan.FromMilliseconds(50);
        load.Server.Controls.Add(new ControlRule("stall", "^SELECT 7$", ControlAction.Stall));

        var answer = await load.SubmitAsync("SELECT 7");
        Assert.Equal((HttpStatusCode.Accepted, "333334"), (answer.Status, answer.Code));
        Assert.Equal(HttpStatusCode.Accepted, (await load.GetAsync(answer.Handle)).Status);
        load.Server.Controls.Release("stall");

        Assert.Equal(["7"], (await load.WaitAsync(answer.Handle)).Rows);
        Assert.Equal(1, load.Server.Requests[RequestKind.Submit]);
        Assert.True(load.Server.Requests[RequestKind.Poll] >= 2);
        Assert.Equal(HttpStatusCode.NotFound, (await load.GetAsync(Guid.NewGuid().ToString())).Status);
    }

    [SkippableFact]
    public async Task An_asynchronous_statement_is_answered_at_once_and_can_be_cancelled()
    {
        await using var load = await StandInLoad.OpenAsync();
        load.Server.Controls.Add(new ControlRule("stall", "^SELECT 7$", ControlAction.Stall));
        var answer = await load.SubmitAsync("SELECT 7", "?async=true");

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await load.CancelAsync(answer.Handle)).Status);
        var ended = await load.WaitAsync(answer.Handle);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "000604"), (ended.Status, ended.Code));
        Assert.Equal(1, load.Server.Requests[RequestKind.Cancel]);
    }

    [SkippableFact]
    public async Task A_statement_whose_time_is_up_is_answered_with_408()
    {
        await using var load = await StandInLoad.OpenAsync();
        load.Server.Controls.Add(new ControlRule("stall", "^SELECT 7$", ControlAction.Stall));

        var answer = await load.SubmitAsync("SELECT 7", "", new Dictionary<string, object>(StringComparer.Ordinal) { ["timeout"] = 1 });

        Assert.Equal((HttpStatusCode.RequestTimeout, "000630"), (answer.Status, answer.Code));
    }

    [SkippableFact]
    public async Task A_result_comes_in_partitions()
    {
        await using var load = await StandInLoad.OpenAsync();
        load.Server.PartitionRows = 2;
        await load.RunAsync("CREATE TABLE t (id BIGINT)");
        await load.RunAsync("INSERT INTO t (id) VALUES (1), (2), (3), (4), (5)");

        var answer = await load.SubmitAsync("SELECT id FROM t ORDER BY id");
        var partitions = answer.Body.GetProperty("resultSetMetaData").GetProperty("partitionInfo").EnumerateArray();

        Assert.Equal([2, 2, 1], partitions.Select(p => p.GetProperty("rowCount").GetInt32()));
        Assert.Equal(["1", "2"], answer.Rows);
        Assert.Equal(["3", "4"], (await load.GetAsync(answer.Handle, "?partition=1")).Rows);
        Assert.Equal(["5"], (await load.GetAsync(answer.Handle, "?partition=2")).Rows);
        Assert.Equal(HttpStatusCode.BadRequest, (await load.GetAsync(answer.Handle, "?partition=3")).Status);
        Assert.Equal(3, load.Server.Requests[RequestKind.Partition]);
    }

    [SkippableTheory]
    [InlineData(TokenMode.Normal, true, 1)]
    [InlineData(TokenMode.Forget, true, 2)]
    [InlineData(TokenMode.Normal, false, 2)] // without retry=true, it is another request
    [InlineData(TokenMode.ReplayFailure, false, 1)] // or not: the documentation does not say
    public async Task A_request_id_is_kept_or_forgotten(TokenMode mode, bool isRetry, int rows)
    {
        await using var load = await StandInLoad.OpenAsync();
        load.Server.Tokens = mode;
        await load.RunAsync("CREATE TABLE t (id BIGINT)");
        var query = $"?requestId={Guid.NewGuid()}";

        await load.SubmitAsync("INSERT INTO t (id) VALUES (1)", query);
        await load.SubmitAsync("INSERT INTO t (id) VALUES (1)", query + (isRetry ? "&retry=true" : ""));

        Assert.Equal([$"{rows}"], await load.RunAsync("SELECT COUNT(*) FROM t"));
    }

    [SkippableTheory]
    [InlineData(TokenMode.Normal, HttpStatusCode.OK)]
    [InlineData(TokenMode.Forget, HttpStatusCode.OK)]
    [InlineData(TokenMode.ReplayFailure, HttpStatusCode.UnprocessableEntity)]
    public async Task An_old_failure_is_repeated_or_not(TokenMode mode, HttpStatusCode status)
    {
        await using var load = await StandInLoad.OpenAsync();
        load.Server.Tokens = mode;
        load.Server.Controls.Add(new ControlRule("fail", "^SELECT 7$", ControlAction.Fail, State: "XX000", Code: "300010"));
        var query = $"?requestId={Guid.NewGuid()}&retry=true";

        Assert.Equal("300010", (await load.SubmitAsync("SELECT 7", query)).Code);
        Assert.Equal(status, (await load.SubmitAsync("SELECT 7", query)).Status);
    }

    [SkippableFact]
    public async Task Calls_are_lost_or_refused_as_tests_ask()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync("CREATE TABLE t (id BIGINT)");
        const string Insert = "INSERT INTO t (id) VALUES (1)";

        load.Server.Controls.Add(new ControlRule("before", "^SnowflakeApi.Submit INSERT", ControlAction.DropBefore));
        await Assert.ThrowsAsync<HttpRequestException>(() => load.SubmitAsync(Insert));
        Assert.Equal(["0"], await load.RunAsync("SELECT COUNT(*) FROM t"));
        load.Server.Controls.Add(new ControlRule("after", "^SnowflakeApi.Submit INSERT", ControlAction.DropAfter));
        await Assert.ThrowsAsync<HttpRequestException>(() => load.SubmitAsync(Insert, "?async=true"));
        Assert.Equal(["1"], await load.RunAsync("SELECT COUNT(*) FROM t"));
        load.Server.Controls.Add(new ControlRule("late", "^SnowflakeApi.Submit INSERT", ControlAction.FailAfter, Status: 500));
        Assert.Equal(HttpStatusCode.InternalServerError, (await load.SubmitAsync(Insert)).Status);
        Assert.Equal(["2"], await load.RunAsync("SELECT COUNT(*) FROM t"));
        load.Server.Controls.Add(new ControlRule("busy", "^SnowflakeApi.Submit INSERT", ControlAction.Fail, Status: 429, RetryAfter: 1));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await load.SubmitAsync(Insert)).Status);
        Assert.Equal(["2"], await load.RunAsync("SELECT COUNT(*) FROM t"));

        var answer = await load.SubmitAsync("SELECT 7", "?async=true");
        load.Server.Controls.Add(new ControlRule("poll", "^SnowflakeApi.Poll SELECT 7", ControlAction.DropAfter));
        await Assert.ThrowsAsync<HttpRequestException>(() => load.GetAsync(answer.Handle));
        load.Server.Controls.Add(new ControlRule("poll", "^SnowflakeApi.Poll SELECT 7", ControlAction.Fail));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await load.GetAsync(answer.Handle)).Status);
        Assert.Equal(["7"], (await load.WaitAsync(answer.Handle)).Rows);
    }

    [SkippableFact]
    public async Task Logins_are_checked()
    {
        await using var load = await StandInLoad.OpenAsync();
        load.Server.Account.Logins.AddOAuthToken("TESTER", "oauth-token");
        load.Server.Account.Logins.AddAccessToken("TESTER", "access-token");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("oauth-token", "OAUTH"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("access-token", "PROGRAMMATIC_ACCESS_TOKEN"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("oauth-token", "PROGRAMMATIC_ACCESS_TOKEN"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("oauth-token", "KEYPAIR_JWT"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("oauth-token", ""));
        load.Server.Account.Logins.RemoveToken("oauth-token");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("oauth-token", "OAUTH"));
        Assert.Equal(4, load.Server.Requests[RequestKind.Refused]);

        async Task<HttpStatusCode> StatusAsync(string token, string type)
            => (await load.SendAsync(HttpMethod.Post, "/api/v2/statements", new { statement = "SELECT 1" }, token, type)).Status;
    }

    [SkippableTheory]
    [InlineData("role", "OTHER", "390189")]
    [InlineData("warehouse", "OTHER", "390201")]
    [InlineData("warehouse", "peaks3feed_wh", "390201")]
    [InlineData("database", "OTHER", "002043")]
    [InlineData("schema", "OTHER", "002043")]
    public async Task What_a_request_names_must_exist(string member, string value, string code)
    {
        await using var load = await StandInLoad.OpenAsync();

        var answer = await load.SubmitAsync("SELECT 1", "", new Dictionary<string, object>(StringComparer.Ordinal) { [member] = value });

        Assert.Equal((HttpStatusCode.UnprocessableEntity, code), (answer.Status, answer.Code));
    }

    [SkippableFact]
    public async Task A_warehouse_is_resumed_by_a_statement_that_needs_it()
    {
        await using var load = await StandInLoad.OpenAsync();
        await load.RunAsync("CREATE TABLE t (id BIGINT)");
        load.Server.Account.Add(new SnowflakeWarehouse("PEAKS3FEED_WH", "SUSPENDED"));
        await load.RunAsync("SHOW WAREHOUSES LIKE '%'");
        Assert.Equal("SUSPENDED", load.Server.Account.Warehouses[0].State);
        await load.RunAsync("SELECT id FROM t");
        Assert.Equal("STARTED", load.Server.Account.Warehouses[0].State);

        load.Server.Account.Add(new SnowflakeWarehouse("PEAKS3FEED_WH", "SUSPENDED", AutoResume: false));
        Assert.Equal("000606", (await load.FailAsync("SELECT id FROM t")).Code);
    }

    [SkippableFact]
    public async Task Tests_in_other_processes_control_it_over_HTTP()
    {
        await using var load = await StandInLoad.OpenAsync();
        using var http = new HttpClient { BaseAddress = new Uri(load.Server.Url) };
        using var key = RSA.Create(2048);
        await PostAsync("logins", new { user = "OTHER", publicKey = key.ExportSubjectPublicKeyInfoPem(), oAuthToken = "other" });
        await PostAsync("schemas", new { database = "PEAKS3FEED", schema = load.Schema + "_2" });
        await PostAsync("stages", new { name = $"PEAKS3FEED.{load.Schema}.S2", url = "s3://bucket/", integration = "I" });
        await PostAsync("warehouses", new { name = "W2", state = "SUSPENDED" });
        await PostAsync("roles/R2", new { });
        await PostAsync("rules", new { name = "fail", match = "^SELECT 8$", action = "Fail" });
        var statement = new
        {
            statement = "SELECT CURRENT_USER(), CURRENT_ROLE(), CURRENT_SCHEMA(), CURRENT_WAREHOUSE()",
            database = "PEAKS3FEED",
            schema = load.Schema + "_2",
            role = "R2",
            warehouse = "W2",
        };

        var answer = await load.SendAsync(HttpMethod.Post, "/api/v2/statements", statement, "other", "OAUTH");

        Assert.Equal([$"OTHER|R2|{load.Schema}_2|W2"], answer.Rows);
        Assert.Equal(2, (await load.RunAsync("DESC STAGE S2")).Count);
        Assert.Equal("000603", (await load.FailAsync("SELECT 8")).Code);
        var counts = await http.GetFromJsonAsync<Dictionary<string, long>>("/control/requests");
        Assert.Equal((3L, 0L), (counts!["Submit"], counts["Poll"]));
        Assert.Contains("SELECT 8", await http.GetFromJsonAsync<List<string>>("/control/statements") ?? []);
        Assert.True((await http.DeleteAsync($"/control/schemas/PEAKS3FEED/{load.Schema}_2")).IsSuccessStatusCode);

        async Task PostAsync(string path, object body)
        {
            using var response = await http.PostAsJsonAsync("/control/" + path, body, JsonSerializerOptions.Web);
            Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
        }
    }

    [SkippableTheory]
    [InlineData("""{"statement":"SELECT 1","typo":1}""", "the member typo")]
    [InlineData("""{"statement":"SELECT 1","parameters":{"MULTI_STATEMENT_COUNT":"0"}}""", "MULTI_STATEMENT_COUNT")]
    [InlineData("""{"statement":"SELECT 1","bindings":{"2":{"type":"TEXT","value":"x"}}}""", "not numbered from 1")]
    [InlineData("""{"statement":"SELECT 1","bindings":{"1":{"type":"FIXED","value":"1"}}}""", "the type TEXT")]
    [InlineData("""{"statement":5}""", "not a text")]
    public async Task Bodies_that_are_not_understood_are_refused(string body, string message)
    {
        await using var load = await StandInLoad.OpenAsync();

        var answer = await load.SendAsync(HttpMethod.Post, "/api/v2/statements", JsonSerializer.Deserialize<JsonElement>(body), load.Jwt());

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
    }
}
