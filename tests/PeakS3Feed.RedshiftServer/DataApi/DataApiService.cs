using System.Globalization;
using System.Text.Json;

namespace PeakS3Feed.RedshiftServer.DataApi;

/// <summary>The operations of the Data API.</summary>
internal sealed class DataApiService(StatementStore statements)
{
    /// <summary>How many rows an answer of GetStatementResult has.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Answers a request.</summary>
    /// <param name="operation">The operation, without <c>RedshiftData.</c>.</param>
    /// <param name="body">Its parameters.</param>
    /// <param name="ct">Ends the waiting; the statement goes on.</param>
    public async Task<object> AnswerAsync(string operation, JsonElement body, CancellationToken ct)
    {
        var call = new ApiCall(body);
        switch (operation)
        {
            case "ExecuteStatement" or "BatchExecuteStatement":
                var submission = ApiSubmission.Read(call, operation is "BatchExecuteStatement");
                var statement = statements.Submit(submission);
                await WaitAsync(statement, submission.WaitSeconds, ct);
                return statement.Submitted();
            case "DescribeStatement": return await DescribeAsync(call, ct);
            case "GetStatementResult": return Result(call);
            case "CancelStatement": return await CancelAsync(call);
            case "ListStatements": return List(call);
            default: throw DataApiException.UnknownOperation(operation);
        }
    }

    private async Task<object> DescribeAsync(ApiCall call, CancellationToken ct)
    {
        var statement = statements.Find(call.Required("Id"));
        var seconds = call.Number("WaitTimeSeconds", 0, 0, 30);
        call.NoOthers();
        await WaitAsync(statement, seconds, ct);
        var answer = statement.Describe();
        answer["Status"] = statement.Status;
        return answer;
    }

    private object Result(ApiCall call)
    {
        var id = call.Required("Id");
        var from = int.Parse(call.Text("NextToken") ?? "0", CultureInfo.InvariantCulture);
        call.NoOthers();
        var statement = statements.Find(id.Split(':')[0]);
        if (statement.Parts.FirstOrDefault(p => p.Id == id) is not { } part)
            throw DataApiException.Validation("The id of a batch has no result; ask for that of a sub-statement.");
        if (statement.Status is not ApiStatus.Finished || part.Result is not { } result)
            throw DataApiException.NotFound("Query does not have result. Please check query status with DescribeStatement.");
        var answer = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["ColumnMetadata"] = result.Columns.Select(ApiValues.Metadata).ToArray(),
            ["Records"] = result.Rows.Skip(from).Take(PageSize).Select(r => ApiValues.Fields(r, result.Columns)).ToArray(),
            ["TotalNumRows"] = result.Rows.Count,
        };
        if (from + PageSize < result.Rows.Count)
            answer["NextToken"] = (from + PageSize).ToString(CultureInfo.InvariantCulture);
        return answer;
    }

    private async Task<object> CancelAsync(ApiCall call)
    {
        var statement = statements.Find(call.Required("Id"));
        call.NoOthers();
        if (statement.HasEnded)
            throw DataApiException.Validation($"Could not cancel a query that is already in {statement.Status} state with ID: {statement.Id}");
        await statement.Cancellation.CancelAsync();
        return new Dictionary<string, object?>(StringComparer.Ordinal) { ["Status"] = true };
    }

    private object List(ApiCall call)
    {
        var (name, status, most) = (call.Text("StatementName"), call.Text("Status"), call.Number("MaxResults", 100, 0, 100));
        call.NoOthers();
        var found = statements.All.Where(s => (name is null || s.Submission.Name?.StartsWith(name, StringComparison.Ordinal) is true)
            && (status is null or "ALL" || s.Status == status));
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Statements"] = found.Take(most).Select(s => new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["Id"] = s.Id, ["Status"] = s.Status, ["StatementName"] = s.Submission.Name, ["IsBatchStatement"] = s.Submission.IsBatch,
                ["QueryStrings"] = s.Submission.Sqls, ["CreatedAt"] = ApiPart.Seconds(s.Created), ["UpdatedAt"] = ApiPart.Seconds(s.Updated),
            }).ToArray(),
        };
    }

    private static async Task WaitAsync(ApiStatement statement, int seconds, CancellationToken ct)
    {
        if (seconds == 0)
            return;
        try
        {
            await statement.Ended.Task.WaitAsync(TimeSpan.FromSeconds(seconds), ct);
        }
        catch (TimeoutException)
        {
            // The caller asks again.
        }
    }
}
