using System.Text.Json;
using Npgsql;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Redshift;

/// <summary>The Data API of the stand-in for Redshift, through signed HTTP requests.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class RedshiftDataApiTests
{
    [SkippableFact]
    public async Task A_COPY_and_a_query_run_each_by_themselves()
    {
        await using var load = await StagedLoad.OpenAsync();
        using var api = new SignedClient(load.Server.DataApiUrl);
        await api.RunAsync($"CREATE TABLE {load.Schema}.t (id BIGINT, name VARCHAR(10), ok BOOLEAN, price DECIMAL(5,2), size FLOAT8)");
        var manifest = await load.ManifestAsync(await load.PutAsync("1.gz", "1,a,t,1.50,0.1\n2,@null@,f,,Infinity\n"));

        var copy = await api.RunAsync(load.Copy("t", manifest));
        var query = await api.CallAsync("ExecuteStatement", new
        {
            Sql = $"SELECT id, name, ok, price, size FROM {load.Schema}.t WHERE id >= :least ORDER BY id",
            WorkgroupName = "w", Database = "peaks3feed_redshift",
            Parameters = new[] { new { name = "least", value = "1" } }, WaitTimeSeconds = 10,
        });
        load.Server.PageSize = 1;
        var id = query.GetProperty("Id").GetString();
        var first = await api.CallAsync("GetStatementResult", new { Id = id });
        var second = await api.CallAsync("GetStatementResult", new { Id = id, NextToken = first.GetProperty("NextToken").GetString() });

        Assert.Equal(("FINISHED", 2L, false), (Status(copy), copy.GetProperty("ResultRows").GetInt64(), copy.GetProperty("HasResultSet").GetBoolean()));
        Assert.Equal(
            """[[{"longValue":1},{"stringValue":"a"},{"booleanValue":true},{"stringValue":"1.50"},{"doubleValue":0.1}]]""",
            first.GetProperty("Records").GetRawText());
        Assert.Equal(
            """[[{"longValue":2},{"isNull":true},{"booleanValue":false},{"isNull":true},{"stringValue":"Infinity"}]]""",
            second.GetProperty("Records").GetRawText());
        Assert.False(second.TryGetProperty("NextToken", out _));
        Assert.Equal("numeric", first.GetProperty("ColumnMetadata")[3].GetProperty("typeName").GetString());
    }

    [SkippableFact]
    public async Task A_batch_is_one_transaction_and_says_which_statement_failed()
    {
        await using var load = await StagedLoad.OpenAsync();
        using var api = new SignedClient(load.Server.DataApiUrl);
        var table = load.Schema + ".t";
        await api.RunAsync($"CREATE TABLE {table} (id BIGINT)");

        var failed = await api.BatchAsync(
        [
            $"LOCK {table}", $"INSERT INTO {table} VALUES (1), (2)", $"SELECT 1 / (CASE WHEN count(*) = 3 THEN 1 ELSE 0 END) FROM {table}",
            $"DELETE FROM {table}",
        ]);
        var done = await api.BatchAsync(
            [$"LOCK {table}", $"INSERT INTO {table} VALUES (1), (2)", $"SELECT 1 / (CASE WHEN count(*) = 2 THEN 1 ELSE 0 END) FROM {table}"]);
        var tooMuch = await api.BatchAsync(["SELECT 1", "COMMIT"]);

        Assert.Equal("FAILED", Status(failed));
        Assert.Equal("ERROR: division by zero", failed.GetProperty("Error").GetString());
        var parts = failed.GetProperty("SubStatements").EnumerateArray().ToList();
        Assert.Equal(["FINISHED", "FINISHED", "FAILED", "ABORTED"], parts.Select(Status));
        Assert.Equal(failed.GetProperty("Id").GetString() + ":3", parts[2].GetProperty("Id").GetString());
        Assert.Equal("ERROR: division by zero", parts[2].GetProperty("Error").GetString());
        Assert.Equal("FINISHED", Status(done));
        Assert.Equal(2, done.GetProperty("SubStatements")[1].GetProperty("ResultRows").GetInt64());
        Assert.Equal("FAILED", Status(tooMuch));
        await using var connection = await load.ConnectAsync();
        Assert.Equal(["2"], await StagedLoad.RowsAsync(connection, $"SELECT count(*) FROM {table}"));
    }

    [SkippableTheory]
    [InlineData(TokenMode.Normal, false, true)]
    [InlineData(TokenMode.Forget, true, true)]
    [InlineData(TokenMode.ReplayFailure, false, false)]
    public async Task A_repeated_token_is_treated_as_the_mode_says(TokenMode mode, bool runsAgainAfterSuccess, bool runsAgainAfterFailure)
    {
        await using var load = await StagedLoad.OpenAsync();
        load.Server.Tokens = mode;
        using var api = new SignedClient(load.Server.DataApiUrl);
        var table = load.Schema + ".t";
        await api.RunAsync($"CREATE TABLE {table} (id BIGINT)");

        var insert = $"INSERT INTO {table} VALUES (1)";
        var again = Id(await api.RunAsync(insert, "one")) != Id(await api.RunAsync(insert, "one"));
        load.Server.Controls.Add(new ControlRule("fail", "VALUES .2.", ControlAction.Fail, Message: "not now"));
        var second = $"INSERT INTO {table} VALUES (2)";
        var failed = await api.RunAsync(second, "two");
        var repeated = await api.RunAsync(second, "two");

        Assert.Equal(("FAILED", "ERROR: not now"), (Status(failed), failed.GetProperty("Error").GetString()));
        Assert.Equal(runsAgainAfterSuccess, again);
        Assert.Equal(runsAgainAfterFailure ? "FINISHED" : "FAILED", Status(repeated));
        await using var connection = await load.ConnectAsync();
        Assert.Equal([runsAgainAfterSuccess ? "2" : "1"], await StagedLoad.RowsAsync(connection, $"SELECT count(*) FROM {table} WHERE id = 1"));
        if (mode is not TokenMode.Forget)
            await FailsAsync(() => api.RunAsync(second + ", (3)", "two"), "ValidationException: The ClientToken was used with other parameters.");
    }

    [SkippableFact]
    public async Task Requests_that_AWS_refuses_are_refused()
    {
        await using var load = await StagedLoad.OpenAsync();
        using var api = new SignedClient(load.Server.DataApiUrl);
        using var forger = new SignedClient(load.Server.DataApiUrl) { Secret = "another" };
        using var unsigned = new HttpClient();

        await FailsAsync(() => forger.RunAsync("SELECT 1"), "InvalidSignatureException: The request signature");
        var answer = await unsigned.PostAsync(load.Server.DataApiUrl, new StringContent("{}"));
        Assert.Contains("MissingAuthenticationTokenException", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await FailsAsync(() => api.BatchAsync([]), "ValidationException: Sqls must have 1 to 40");
        await FailsAsync(() => api.BatchAsync([.. Enumerable.Repeat("SELECT 1", 41)]), "ValidationException: Sqls must have 1 to 40");
        await FailsAsync(() => api.RunAsync("SELECT '" + new string('x', 100 * 1024) + "'"), "ValidationException: A statement exceeds");
        await FailsAsync(() => api.RunAsync("SELECT 1", new string('t', 65)), "ValidationException: ClientToken");
        await FailsAsync(() => api.CallAsync("ExecuteStatement", new { Sql = "SELECT 1", Database = "d" }), "ValidationException: Specify either");
        await FailsAsync(
            () => api.CallAsync("BatchExecuteStatement", new { Sqls = new[] { "SELECT 1" }, WorkgroupName = "w", Database = "d", Parameters = Array.Empty<int>() }),
            "SerializationException: The operation has no parameter Parameters");
        await FailsAsync(() => api.CallAsync("DescribeStatement", new { Id = "x" }), "ResourceNotFoundException");
        await FailsAsync(() => api.CallAsync("DropEverything", new { }), "UnknownOperationException");
    }

    [SkippableFact]
    public async Task A_running_statement_can_be_cancelled_and_an_answer_can_be_lost()
    {
        await using var load = await StagedLoad.OpenAsync();
        using var api = new SignedClient(load.Server.DataApiUrl);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await api.RunAsync($"CREATE TABLE {load.Schema}.t (id BIGINT)");

        load.Server.Controls.Add(new ControlRule("stall", "^INSERT", ControlAction.Stall));
        var submitted = await api.CallAsync(
            "ExecuteStatement",
            new { Sql = $"INSERT INTO {load.Schema}.t VALUES (1)", WorkgroupName = "w", Database = "peaks3feed_redshift", StatementName = "one" });
        await load.Server.Controls.ReachedAsync("stall", limit.Token);
        await api.CallAsync("CancelStatement", new { Id = Id(submitted) });
        var ended = await api.CallAsync("DescribeStatement", new { Id = Id(submitted), WaitTimeSeconds = 10 });
        load.Server.Controls.Release("stall");

        load.Server.Controls.Add(new ControlRule("lost", "^RedshiftData.BatchExecuteStatement", ControlAction.DropAfter));
        await Assert.ThrowsAsync<HttpRequestException>(() => api.BatchAsync([$"INSERT INTO {load.Schema}.t VALUES (2)"], "lost"));
        var repeated = await api.BatchAsync([$"INSERT INTO {load.Schema}.t VALUES (2)"], "lost");
        load.Server.Controls.Add(new ControlRule(
            "refused", "^RedshiftData.BatchExecuteStatement", ControlAction.FailAfter, State: "InternalServerException", Message: "not now"));
        await FailsAsync(
            () => api.BatchAsync([$"INSERT INTO {load.Schema}.t VALUES (3)"], "refused"), "InternalServerException: not now");
        Assert.Equal("FINISHED", Status(await api.BatchAsync([$"INSERT INTO {load.Schema}.t VALUES (3)"], "refused")));

        Assert.Equal("ABORTED", Status(ended));
        Assert.Equal("FINISHED", Status(repeated));
        var listed = await api.CallAsync("ListStatements", new { StatementName = "one", Status = "ALL" });
        Assert.Equal(Id(submitted), Id(Assert.Single(listed.GetProperty("Statements").EnumerateArray())));
        await FailsAsync(() => api.CallAsync("CancelStatement", new { Id = Id(submitted) }), "ValidationException: Could not cancel");
        await using var connection = await load.ConnectAsync();
        Assert.Equal(["2", "3"], await StagedLoad.RowsAsync(connection, $"SELECT id FROM {load.Schema}.t ORDER BY id"));
    }

    [SkippableFact]
    public async Task A_login_that_a_service_grants_opens_the_wire()
    {
        await using var load = await StagedLoad.OpenAsync();
        using var api = new SignedClient(load.Server.DataApiUrl);
        var serverless = await api.CallAsync("RedshiftServerless.GetCredentials", new { workgroupName = "w", dbName = "peaks3feed_redshift", durationSeconds = 900 });
        var cluster = await api.QueryAsync("Action=GetClusterCredentialsWithIAM&Version=2012-12-01&ClusterIdentifier=c&DbName=d&DurationSeconds=3600");
        var tooLong = await api.QueryAsync("Action=GetClusterCredentials&Version=2012-12-01&ClusterIdentifier=c&DbName=d&DbUser=u&DurationSeconds=3601");

        var user = serverless.GetProperty("dbUser").GetString();
        var login = new NpgsqlConnectionStringBuilder(load.Server.ConnectionString)
        {
            Username = user, Password = serverless.GetProperty("dbPassword").GetString(), Pooling = false,
        };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync();

        Assert.StartsWith("IAM:", user, StringComparison.Ordinal);
        Assert.Equal(["1"], await StagedLoad.RowsAsync(connection, "SELECT 1"));
        Assert.Contains($"<DbUser>{user}</DbUser>", cluster, StringComparison.Ordinal);
        Assert.Contains("<Code>InvalidParameterValue</Code>", tooLong, StringComparison.Ordinal);
    }

    private static string? Status(JsonElement answer) => answer.GetProperty("Status").GetString();

    private static string? Id(JsonElement answer) => answer.GetProperty("Id").GetString();

    private static async Task FailsAsync(Func<Task<JsonElement>> call, string start)
        => Assert.StartsWith(start, (await Assert.ThrowsAsync<InvalidOperationException>(call)).Message, StringComparison.Ordinal);
}
