using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Tests.Destinations.Redshift;

/// <summary>What the calls of the Data API send, to the byte.</summary>
public sealed class DataApiClientTests
{
    [Fact]
    public async Task A_statement_is_sent_with_all_that_is_set()
    {
        await using var h = await ApiHarness.StartAsync();
        var id = await h.Data.ExecuteStatementAsync(
            new("SELECT :a")
            {
                Parameters = [new("a", "o'neil"), new("b", "")], ClientToken = "t1", StatementName = "copy 1", WaitTimeSeconds = 7,
            },
            default);

        Assert.Equal(
            """{"Sql":"SELECT :a","Parameters":[{"name":"a","value":"o\u0027neil"},{"name":"b","value":""}],"Database":"dev","WorkgroupName":"wg","ClientToken":"t1","StatementName":"copy 1","WaitTimeSeconds":7}""",
            Assert.Single(h.Api.Requests).Text);
        Assert.Equal(36, id.Length);
    }

    [Theory]
    [InlineData(0, """{"Sql":"S","Database":"dev","ClusterIdentifier":"c1","DbUser":"loader","ClientToken":"t1"}""")]
    [InlineData(1, """{"Sql":"S","Database":"dev","ClusterIdentifier":"c1","ClientToken":"t1"}""")]
    [InlineData(2, """{"Sql":"S","Database":"dev","ClusterIdentifier":"c1","SecretArn":"arn:s","ClientToken":"t1"}""")]
    [InlineData(3, """{"Sql":"S","Database":"dev","WorkgroupName":"wg","ClientToken":"t1"}""")]
    [InlineData(4, """{"Sql":"S","Database":"dev","WorkgroupName":"wg","SecretArn":"arn:s","ClientToken":"t1"}""")]
    public async Task A_target_is_sent_as_the_service_expects_it(int kind, string body)
    {
        await using var h = await ApiHarness.StartAsync();
        var target = kind switch
        {
            0 => DataApiTarget.ClusterUser("c1", "dev", "loader"),
            1 => DataApiTarget.Cluster("c1", "dev"),
            2 => DataApiTarget.Cluster("c1", "dev", "arn:s"),
            3 => DataApiTarget.Workgroup("wg", "dev"),
            _ => DataApiTarget.Workgroup("wg", "dev", "arn:s"),
        };
        await h.For(target).ExecuteStatementAsync(new("S") { ClientToken = "t1" }, default);
        Assert.Equal(body, Assert.Single(h.Api.Requests).Text);
    }

    [Fact]
    public async Task A_batch_keeps_the_order_of_its_statements()
    {
        await using var h = await ApiHarness.StartAsync();
        await h.Data.BatchExecuteStatementAsync(new(["LOCK a", "SELECT 1/0", "INSERT"]) { ClientToken = "load-1.2" }, default);

        var request = Assert.Single(h.Api.Requests);
        Assert.Equal("RedshiftData.BatchExecuteStatement", request.Header("X-Amz-Target"));
        Assert.Equal("""{"Sqls":["LOCK a","SELECT 1/0","INSERT"],"Database":"dev","WorkgroupName":"wg","ClientToken":"load-1.2"}""", request.Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(41)]
    public async Task A_batch_of_another_size_is_not_sent(int count)
    {
        await using var h = await ApiHarness.StartAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => h.Data.BatchExecuteStatementAsync(new([.. Enumerable.Repeat("SELECT 1", count)]), default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => h.Data.ExecuteStatementAsync(new("SELECT 1") { ClientToken = new string('t', 65) }, default));
        Assert.Empty(h.Api.Requests);
    }

    [Fact]
    public async Task Each_call_without_a_token_gets_one_of_its_own()
    {
        await using var h = await ApiHarness.StartAsync();
        await h.Data.ExecuteStatementAsync(new("SELECT 1"), default);
        await h.Data.ExecuteStatementAsync(new("SELECT 1"), default);
        Assert.Equal(2, h.Api.Data.Started);
        Assert.Equal(2, h.Api.Requests.Select(r => r.Member("ClientToken")).Distinct().Count(t => t!.Length is > 0 and <= DataApiClient.MaxToken));
    }

    [Fact]
    public async Task The_state_of_a_statement_is_read_and_members_from_later_versions_are_ignored()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Data.Next.Enqueue(new() { Rows = [["""{"longValue":1}"""]], SubStatements = [("FINISHED", 7, null), ("FAILED", -1, "ERROR: x")] });
        var id = await h.Data.ExecuteStatementAsync(new("SELECT 1"), default);
        var found = await h.Data.DescribeStatementAsync(new(id) { WaitTimeSeconds = 30 }, default);

        Assert.Equal($$"""{"Id":"{{id}}","WaitTimeSeconds":30}""", h.Requests("DescribeStatement")[0].Text);
        Assert.Equal((id, "FINISHED", true, 1L, 4711L), (found.Id, found.Status, found.HasResultSet, found.ResultRows, found.RedshiftQueryId));
        Assert.Equal(
            [($"{id}:1", "FINISHED", 7L, null), ($"{id}:2", "FAILED", -1L, "ERROR: x")],
            found.SubStatements!.Select(s => (s.Id, s.Status, s.ResultRows, s.Error)));
    }

    [Fact]
    public async Task Fields_of_each_type_have_a_text()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Data.Next.Enqueue(new()
        {
            Rows =
            [
                ["""{"isNull":true}""", """{"stringValue":""}""", """{"stringValue":"ä\"\n"}""", """{"longValue":-9223372036854775808}"""],
                ["""{"doubleValue":0.1}""", """{"doubleValue":1E+300}""", """{"booleanValue":false}""", """{"blobValue":"AAE="}"""],
            ],
        });
        var id = await h.Data.ExecuteStatementAsync(new("SELECT 1"), default);
        var page = await h.Data.GetStatementResultAsync(new(id), default);

        Assert.Equal(
            [[null, "", "ä\"\n", "-9223372036854775808"], ["0.1", "1E+300", "false", "AAE="]],
            page.Records!.Select(r => r.Select(f => f.Text).ToArray()));
        Assert.Null(page.NextToken);
    }

    [Fact]
    public async Task A_cancellation_names_the_statement()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Data.Next.Enqueue(new() { EndsAfter = null });
        var id = await h.Data.ExecuteStatementAsync(new("COPY"), default);
        Assert.True(await h.Data.CancelStatementAsync(id, default));
        Assert.Equal($$"""{"Id":"{{id}}"}""", h.Requests("CancelStatement")[0].Text);
        Assert.Equal("ABORTED", (await h.Data.DescribeStatementAsync(new(id), default)).Status);
    }

    [Fact]
    public async Task A_statement_that_the_service_does_not_know_is_an_error_with_its_code()
    {
        await using var h = await ApiHarness.StartAsync();
        var error = await Assert.ThrowsAsync<FeedException>(() => h.Data.DescribeStatementAsync(new("d9b6c0c9-0747-4bf4-b142-e8883122f766"), default));
        Assert.Equal(("DestinationRefused", "ResourceNotFoundException"), (error.Id, error.ServiceCode));
        Assert.Single(h.Api.Requests);
    }

    [Fact]
    public async Task A_state_that_nobody_knows_is_an_error()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Data.Next.Enqueue(new() { EndsAs = "PAUSED" });
        var id = await h.Data.ExecuteStatementAsync(new("SELECT 1"), default);
        await Assert.ThrowsAsync<FeedException>(() => h.Data.DescribeStatementAsync(new(id), default));
    }
}
