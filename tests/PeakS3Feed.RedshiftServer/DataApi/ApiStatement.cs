using System.Globalization;

namespace PeakS3Feed.RedshiftServer.DataApi;

/// <summary>The states of a statement, in the API's words.</summary>
internal static class ApiStatus
{
    public const string Submitted = "SUBMITTED";
    public const string Started = "STARTED";
    public const string Finished = "FINISHED";
    public const string Failed = "FAILED";
    public const string Aborted = "ABORTED";
}

/// <summary>A column of a result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The number of its type.</param>
internal sealed record ApiColumn(string Name, uint Type);

/// <summary>The rows of a query, as text.</summary>
internal sealed record ApiResult(IReadOnlyList<ApiColumn> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows);

/// <summary>One SQL statement and how it stands.</summary>
internal sealed class ApiPart(string id, string sql, DateTimeOffset created)
{
    public string Id { get; } = id;

    public string Sql { get; } = sql;

    public string Status { get; set; } = ApiStatus.Submitted;

    public string? Error { get; set; }

    public ApiResult? Result { get; set; }

    /// <summary>The rows returned or changed; -1 if that is not known.</summary>
    public long Rows { get; set; } = -1;

    public DateTimeOffset Created { get; } = created;

    public DateTimeOffset Updated { get; set; } = created;

    public Dictionary<string, object?> Describe()
    {
        var answer = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Id"] = Id, ["QueryString"] = Sql, ["Status"] = Status, ["CreatedAt"] = Seconds(Created), ["UpdatedAt"] = Seconds(Updated),
            ["Duration"] = Status is ApiStatus.Submitted ? -1 : (Updated - Created).Ticks * 100, ["HasResultSet"] = Result is not null,
            ["ResultRows"] = Rows, ["ResultSize"] = Result is null ? -1 : Result.Rows.Sum(r => r.Sum(v => v?.Length ?? 0)), ["RedshiftQueryId"] = 0,
        };
        if (Error is not null)
            answer["Error"] = Error;
        return answer;
    }

    public static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}

/// <summary>What ExecuteStatement or BatchExecuteStatement began.</summary>
internal sealed class ApiStatement
{
    public ApiStatement(ApiSubmission submission, DateTimeOffset now)
    {
        Submission = submission;
        Id = Guid.NewGuid().ToString();
        Parts = [.. submission.Sqls.Select((s, i) => new ApiPart(submission.IsBatch ? PartId(i) : Id, s, now))];
        Created = Updated = now;
    }

    private string PartId(int index) => string.Create(CultureInfo.InvariantCulture, $"{Id}:{index + 1}");

    public string Id { get; }

    public ApiSubmission Submission { get; }

    public IReadOnlyList<ApiPart> Parts { get; }

    public DateTimeOffset Created { get; }

    public DateTimeOffset Updated { get; set; }

    public string Status { get; set; } = ApiStatus.Submitted;

    public string? Error { get; set; }

    public int ProcessId { get; set; }

    /// <summary>Ends it at the caller's request.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>Is completed when it has ended.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool HasEnded => Status is ApiStatus.Finished or ApiStatus.Failed or ApiStatus.Aborted;

    /// <summary>The answer of DescribeStatement.</summary>
    public Dictionary<string, object?> Describe()
    {
        Dictionary<string, object?> answer;
        if (Submission.IsBatch)
        {
            answer = new(StringComparer.Ordinal)
            {
                ["Id"] = Id, ["Status"] = Status, ["CreatedAt"] = ApiPart.Seconds(Created), ["UpdatedAt"] = ApiPart.Seconds(Updated),
                ["Duration"] = (Updated - Created).Ticks * 100, ["HasResultSet"] = Parts.Any(p => p.Result is not null), ["ResultRows"] = -1,
                ["ResultSize"] = -1, ["RedshiftQueryId"] = -1, ["SubStatements"] = Parts.Select(p => p.Describe()).ToArray(),
            };
        }
        else
            answer = Parts[0].Describe();
        answer["RedshiftPid"] = ProcessId;
        answer["Database"] = Submission.Database;
        foreach (var (name, value) in Submission.Where)
            answer[name] = value;
        if (Submission.Parameters.Count > 0)
            answer["QueryParameters"] = Submission.Parameters.Select(p => new { name = p.Key, value = p.Value }).ToArray();
        if (Error is not null)
            answer["Error"] = Error;
        return answer;
    }

    /// <summary>The answer of ExecuteStatement and BatchExecuteStatement.</summary>
    public Dictionary<string, object?> Submitted()
    {
        var answer = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Id"] = Id, ["CreatedAt"] = ApiPart.Seconds(Created), ["Database"] = Submission.Database,
        };
        foreach (var (name, value) in Submission.Where)
            answer[name] = value;
        return answer;
    }
}
