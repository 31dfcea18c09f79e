using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Errors;
using PeakS3Feed.TestServers.RedshiftApi;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.Redshift;

/// <summary>Statements from their submission to their end.</summary>
public sealed class DataApiStatementsTests
{
    private const string Describe = "DescribeStatement";
    private const string Cancel = "CancelStatement";

    [Fact]
    public async Task A_statement_that_finishes_says_how_many_rows_it_changed()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Data.Next.Enqueue(new() { Rows = [["""{"longValue":1}"""], ["""{"longValue":2}"""]] });
        var finished = Assert.IsType<StatementOutcome.Finished>(await h.Statements.RunAsync(new ExecuteStatementRequest("SELECT 1"), default));
        Assert.Equal([2], finished.Rows);
        Assert.True(finished.Description.HasResultSet);
        Assert.Equal(["ExecuteStatement", Describe], h.Api.Requests.Select(r => r.Operation));
        Assert.Equal(["1", "20"], h.Api.Requests.Select(r => r.Member("WaitTimeSeconds")));
    }

    [Fact]
    public async Task A_batch_that_finishes_has_the_rows_of_each_statement()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Data.Next.Enqueue(new() { SubStatements = [("FINISHED", 0, null), ("FINISHED", 12, null)] });
        var outcome = await h.Statements.RunAsync(new BatchExecuteStatementRequest(["LOCK a", "INSERT"]) { ClientToken = "load-1.1" }, default);
        Assert.Equal([0, 12], Assert.IsType<StatementOutcome.Finished>(outcome).Rows);
        Assert.Equal("load-1.1", h.Requests("BatchExecuteStatement")[0].Member("ClientToken"));
    }

    [Theory]
    [InlineData("""{"Status":"FINISHED"}""", new long[] { -1 })]
    [InlineData("""{"Status":"FINISHED","ResultRows":0}""", new long[] { 0 })]
    [InlineData("""{"Status":"FINISHED","ResultRows":9,"SubStatements":[]}""", new long[] { 9 })]
    [InlineData("""{"Status":"FINISHED","SubStatements":[{"ResultRows":3},{}]}""", new long[] { 3, -1 })]
    public void A_number_of_rows_that_the_service_leaves_out_is_unknown_and_not_zero(string answer, long[] rows)
    {
        var description = System.Text.Json.JsonSerializer.Deserialize(answer, DataApiJson.Default.StatementDescription)!;
        Assert.Equal(rows, Assert.IsType<StatementOutcome.Finished>(StatementOutcome.From("x", description)).Rows);
    }

    [Fact]
    public async Task A_batch_that_fails_names_the_statement_that_failed()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Data.Next.Enqueue(new()
        {
            EndsAs = "FAILED", Error = "Query #3 failed with ERROR: division by zero",
            SubStatements = [("FINISHED", 0, null), ("FINISHED", 1, null), ("FAILED", -1, "ERROR: division by zero"), ("ABORTED", -1, null)],
        });
        var outcome = await h.Statements.RunAsync(new BatchExecuteStatementRequest(["a", "b", "c", "d"]), default);
        Assert.Equal(new StatementOutcome.Failed(outcome.Id, "ERROR: division by zero", 2), outcome);
        Assert.Single(h.Requests("BatchExecuteStatement"));
    }

    [Fact]
    public async Task A_failure_without_a_failed_statement_has_the_error_of_the_batch()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Data.Next.Enqueue(new() { EndsAs = "FAILED", Error = "ERROR: could not log in" });
        var outcome = await h.Statements.RunAsync(new ExecuteStatementRequest("SELECT 1"), default);
        Assert.Equal(new StatementOutcome.Failed(outcome.Id, "ERROR: could not log in", null), outcome);
    }

    [Fact]
    public void The_number_in_an_id_counts_more_than_the_position_in_the_list()
    {
        var outcome = StatementOutcome.From("x", new()
        {
            Status = "FAILED", SubStatements = [new() { Id = "x:2", Status = "FAILED", Error = "E" }, new() { Id = "x:1", Status = "FINISHED" }],
        });
        Assert.Equal(new StatementOutcome.Failed("x", "E", 1), outcome);
    }

    [Fact]
    public async Task A_statement_that_was_cancelled_elsewhere_is_aborted()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Data.Next.Enqueue(new() { EndsAs = "ABORTED" });
        var outcome = await h.Statements.RunAsync(new ExecuteStatementRequest("COPY"), default);
        Assert.Equal(new StatementOutcome.Aborted(outcome.Id), outcome);
        Assert.Empty(h.Requests(Cancel));
    }

    [Fact]
    public async Task A_result_is_read_page_by_page()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Data.Next.Enqueue(new() { Rows = [.. Enumerable.Range(0, 5).Select(i => (IReadOnlyList<string>)[$$"""{"longValue":{{i}}}"""])] });
        var outcome = await h.Statements.RunAsync(new ExecuteStatementRequest("SELECT 1"), default);
        Assert.Empty(h.Requests("GetStatementResult"));

        var rows = new List<string?>();
        await foreach (var row in h.Statements.ReadAsync(outcome.Id, default))
            rows.Add(Assert.Single(row));
        Assert.Equal(["0", "1", "2", "3", "4"], rows);
        Assert.Equal([null, "page-2", "page-4"], h.Requests("GetStatementResult").Select(r => r.Member("NextToken")));
    }

    [Fact]
    public async Task Reading_stops_at_the_page_where_the_reader_stops()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Data.Next.Enqueue(new() { Rows = [.. Enumerable.Repeat((IReadOnlyList<string>)["""{"longValue":1}"""], 9)] });
        var outcome = await h.Statements.RunAsync(new ExecuteStatementRequest("SELECT 1"), default);
        await foreach (var row in h.Statements.ReadAsync(outcome.Id, default))
            break;
        Assert.Single(h.Requests("GetStatementResult"));
    }

    [Fact]
    public async Task A_service_that_does_not_wait_is_asked_ever_less_often()
    {
        var time = new SteppedTime(DateTimeOffset.UtcNow);
        await using var h = await ApiHarness.StartAsync(time);
        h.Api.Data.Next.Enqueue(new() { EndsAfter = 8 });
        var running = h.Statements.RunAsync(new ExecuteStatementRequest("COPY"), default);
        var waits = await time.WaitsUntilAsync(running);
        Assert.IsType<StatementOutcome.Finished>(await running);
        Assert.Equal([0.2, 0.4, 0.8, 1.6, 3.2, 5, 5], waits);
        Assert.Equal(8, h.Requests(Describe).Count);
    }

    [Fact]
    public async Task A_service_that_waits_is_asked_once_for_a_long_statement()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Data.Waits = true;
        var copy = new FakeStatement { EndsAfter = null };
        h.Api.Data.Next.Enqueue(copy);
        var running = h.Statements.RunAsync(new ExecuteStatementRequest("COPY"), default);
        await h.RequestedAsync(Describe);
        copy.End();
        Assert.IsType<StatementOutcome.Finished>(await running);
        Assert.Single(h.Requests(Describe));
    }

    [Fact]
    public async Task A_service_that_refuses_to_wait_is_not_asked_for_that_again()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Fail("ExecuteStatement", new ApiFault { Code = "ValidationException", Message = "Unknown member: WaitTimeSeconds" });
        Assert.IsType<StatementOutcome.Finished>(await h.Statements.RunAsync(new ExecuteStatementRequest("SELECT 1") { ClientToken = "t" }, default));
        Assert.Equal(["1", null, null], h.Api.Requests.Select(r => r.Member("WaitTimeSeconds")));
        Assert.All(h.Requests("ExecuteStatement"), r => Assert.Equal("t", r.Member("ClientToken")));

        h.Api.Fail("ExecuteStatement", new ApiFault { Code = "ValidationException", Message = "Database name is missing" });
        await Assert.ThrowsAsync<FeedException>(() => h.Statements.RunAsync(new ExecuteStatementRequest("SELECT 1"), default));
        Assert.Equal(4, h.Api.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_the_caller_cancels_the_statement(bool waits)
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Data.Waits = waits;
        var copy = new FakeStatement { EndsAfter = null };
        h.Api.Data.Next.Enqueue(copy);
        using var stop = new CancellationTokenSource();
        var running = h.Statements.RunAsync(new ExecuteStatementRequest("COPY"), stop.Token);
        await h.RequestedAsync(Describe);
        await stop.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(stop.Token, error.CancellationToken);
        Assert.Equal(copy.Id, Assert.Single(h.Requests(Cancel)).Member("Id"));
        Assert.Equal("ABORTED", copy.Status);
    }

    [Fact]
    public async Task A_statement_whose_id_is_still_on_its_way_is_cancelled_too()
    {
        await using var h = await ApiHarness.StartAsync();
        var copy = new FakeStatement { EndsAfter = null };
        h.Api.Data.Next.Enqueue(copy);
        using var stop = new CancellationTokenSource();
        h.Api.Fail("BatchExecuteStatement", new ApiFault { LosesAnswer = true, Then = stop.Cancel });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => h.Statements.RunAsync(new BatchExecuteStatementRequest(["COPY"]), stop.Token));

        Assert.Equal(2, h.Requests("BatchExecuteStatement").Count);
        Assert.Single(h.Requests("BatchExecuteStatement").Select(r => r.Member("ClientToken")).Distinct());
        Assert.Equal("ABORTED", copy.Status);
        Assert.Equal(1, h.Api.Data.Started);
    }

    [Fact]
    public async Task Cancelling_does_not_wait_for_ever_for_the_id()
    {
        var time = new SteppedTime(DateTimeOffset.UtcNow);
        await using var h = await ApiHarness.StartAsync(time);
        h.Api.Data.Waits = true;
        h.Api.Data.Next.Enqueue(new() { EndsAfter = null });
        using var stop = new CancellationTokenSource();
        using var held = new ManualResetEventSlim();
        h.Api.Fail("ExecuteStatement", new ApiFault { LosesAnswer = true, Then = () => held.Wait(TestLimits.Hang) });
        var running = h.Statements.RunAsync(new ExecuteStatementRequest("COPY") { ClientToken = "load-1.1" }, stop.Token);
        await h.RequestedAsync("ExecuteStatement");
        await stop.CancelAsync();
        time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        held.Set();
        Assert.Empty(h.Requests(Cancel));
        Assert.Contains(h.Log, l => l.Contains("token load-1.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_statement_that_ends_before_it_is_cancelled_is_no_error()
    {
        await using var h = await ApiHarness.StartAsync();
        var copy = new FakeStatement { EndsAfter = null };
        h.Api.Data.Next.Enqueue(copy);
        using var stop = new CancellationTokenSource();
        h.Api.Fail(Describe, ApiFault.Throttling with { Then = stop.Cancel });
        h.Api.Fail(Cancel, new ApiFault { Code = "ValidationException", Message = "Could not cancel a query that is already in FINISHED state", Then = () => copy.End() });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => h.Statements.RunAsync(new ExecuteStatementRequest("COPY"), stop.Token));
        Assert.Contains(h.Log, l => l.Contains(copy.Id + " could not be cancelled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_caller_that_is_cancelled_before_sends_nothing()
    {
        await using var h = await ApiHarness.StartAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => h.Statements.RunAsync(new ExecuteStatementRequest("COPY"), new CancellationToken(canceled: true)));
        Assert.Empty(h.Api.Requests);
    }

    [Fact]
    public async Task Waiting_for_a_statement_of_an_earlier_process_does_not_cancel_it()
    {
        await using var h = await ApiHarness.StartAsync();
        var copy = new FakeStatement { EndsAfter = null };
        h.Api.Data.Next.Enqueue(copy);
        var id = await h.Data.ExecuteStatementAsync(new("COPY"), default);
        using var stop = new CancellationTokenSource();
        var waiting = h.Statements.WaitAsync(id, stop.Token);
        await h.RequestedAsync(Describe);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Empty(h.Requests(Cancel));

        copy.End();
        Assert.IsType<StatementOutcome.Finished>(await h.Statements.WaitAsync(id, default));
    }

    [Fact]
    public async Task A_lost_answer_to_a_submission_does_not_run_the_statement_twice()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Fail("BatchExecuteStatement", new ApiFault { LosesAnswer = true }, times: 2);
        var outcome = await h.Statements.RunAsync(new BatchExecuteStatementRequest(["a"]) { ClientToken = "load-1.1" }, default);
        Assert.IsType<StatementOutcome.Finished>(outcome);
        Assert.Equal(1, h.Api.Data.Started);
        Assert.Equal(["load-1.1", "load-1.1", "load-1.1"], h.Requests("BatchExecuteStatement").Select(r => r.Member("ClientToken")));
    }
}
