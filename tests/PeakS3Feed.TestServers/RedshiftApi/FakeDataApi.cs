using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace PeakS3Feed.TestServers.RedshiftApi;

/// <summary>The statements of the fake Data API. What each of them does comes from the test.</summary>
public sealed class FakeDataApi
{
    private readonly ConcurrentDictionary<string, FakeStatement> _statements = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FakeStatement> _tokens = new(StringComparer.Ordinal);

    /// <summary>The statements to come; then each one finishes at once without a result.</summary>
    public ConcurrentQueue<FakeStatement> Next { get; } = new();

    /// <summary>The number of rows of a page.</summary>
    public int PageSize { get; set; } = 2;

    /// <summary>Whether calls wait for the end of a statement as WaitTimeSeconds says.</summary>
    public bool Waits { get; set; }

    /// <summary>The number of statements that were started.</summary>
    public int Started => _statements.Count;

    internal async Task<(int Status, JsonObject Body)> AnswerAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (request.Operation is "ExecuteStatement" or "BatchExecuteStatement")
        {
            var submitted = _tokens.GetOrAdd(request.Member("ClientToken") ?? "", _ => Start());
            await WaitAsync(submitted, request, cancellationToken);
            return (200, new() { ["Id"] = submitted.Id, ["CreatedAt"] = 1.7e9, ["Database"] = request.Member("Database") });
        }
        if (!_statements.TryGetValue((request.Member("Id") ?? "").Split(':')[0], out var statement))
            return (400, new() { ["__type"] = "ResourceNotFoundException", ["Message"] = "Query does not exist." });
        switch (request.Operation)
        {
            case "DescribeStatement":
                await WaitAsync(statement, request, cancellationToken);
                return (200, Describe(statement));
            case "GetStatementResult":
                return (200, Page(statement, request.Member("NextToken")));
            case "CancelStatement" when statement.Ended.IsCompleted:
                return (400, new() { ["__type"] = "ValidationException", ["Message"] = "Could not cancel a query that is already in FINISHED state" });
            case "CancelStatement":
                statement.End("ABORTED");
                return (200, new() { ["Status"] = true });
            default:
                return (400, new() { ["__type"] = "UnknownOperationException" });
        }
    }

    private FakeStatement Start()
    {
        var statement = Next.TryDequeue(out var next) ? next : new FakeStatement();
        _statements[statement.Id] = statement;
        return statement;
    }

    private async Task WaitAsync(FakeStatement statement, ApiRequest request, CancellationToken cancellationToken)
    {
        if (!statement.Ended.IsCompleted && statement.EndsAfter is { } calls && ++statement.Seen > calls)
            statement.End();
        if (Waits && request.Member("WaitTimeSeconds") is { } seconds)
        {
            await Task.WhenAny(
                statement.Ended, Task.Delay(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), cancellationToken));
        }
    }

    private static JsonObject Describe(FakeStatement statement)
    {
        var ended = statement.Ended.IsCompleted;
        var body = new JsonObject
        {
            ["Id"] = statement.Id,
            ["Status"] = statement.Status,
            ["CreatedAt"] = 1.7e9,
            ["Duration"] = 12_345_678,
            ["HasResultSet"] = statement.Rows is not null,
            ["RedshiftPid"] = 1073815778,
            ["RedshiftQueryId"] = 4711,
            ["ResultRows"] = ended ? statement.Rows?.Count ?? 0 : -1,
        };
        if (ended && statement.Error is not null)
            body["Error"] = statement.Error;
        if (statement.SubStatements.Count == 0)
            return body;
        var all = new JsonArray();
        foreach (var (status, rows, error) in statement.SubStatements)
        {
            var one = new JsonObject { ["Id"] = $"{statement.Id}:{all.Count + 1}", ["Status"] = ended ? status : "SUBMITTED", ["ResultRows"] = rows };
            if (error is not null)
                one["Error"] = error;
            all.Add(one);
        }
        body["SubStatements"] = all;
        return body;
    }

    private JsonObject Page(FakeStatement statement, string? token)
    {
        var from = token is null ? 0 : int.Parse(token["page-".Length..], CultureInfo.InvariantCulture);
        var rows = statement.Rows ?? [];
        var body = new JsonObject
        {
            ["Records"] = new JsonArray([.. rows.Skip(from).Take(PageSize).Select(r => new JsonArray([.. r.Select(f => JsonNode.Parse(f))]))]),
            ["TotalNumRows"] = rows.Count,
        };
        if (from + PageSize < rows.Count)
            body["NextToken"] = $"page-{from + PageSize}";
        return body;
    }
}
