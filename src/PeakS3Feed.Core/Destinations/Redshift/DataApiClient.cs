using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// Calls the Redshift Data API: one method for each operation, with retries. A call that runs statements always has a client token, so that a retry
/// after a lost answer does not run them twice while the service remembers the token. It may forget it: the ledger decides what is loaded.
/// </summary>
/// <param name="service">The client of <c>redshift-data</c>.</param>
/// <param name="target">The database.</param>
/// <param name="location">The destination, for messages.</param>
internal sealed class DataApiClient(SignedServiceClient service, DataApiTarget target, string location)
{
    /// <summary>The name of the service.</summary>
    public const string ServiceName = "redshift-data";

    /// <summary>The maximum number of statements of a batch.</summary>
    public const int MaxBatch = 40;

    /// <summary>The maximum size of a statement in bytes of UTF-8: 100 KB.</summary>
    public const int MaxStatementBytes = 100_000;

    /// <summary>The maximum length of a client token.</summary>
    public const int MaxToken = 64;

    /// <summary>Runs one statement. Returns its id at once, or after it ended within the wait.</summary>
    /// <param name="request">The statement; its database and login are those of this client.</param>
    /// <param name="cancellationToken">Cancels the call, not the statement.</param>
    /// <exception cref="FeedException">The service refused the call, or whether it accepted the statement is unknown.</exception>
    public Task<string> ExecuteStatementAsync(ExecuteStatementRequest request, CancellationToken cancellationToken)
        => SubmitAsync("ExecuteStatement", request, DataApiJson.Default.ExecuteStatementRequest, cancellationToken);

    /// <summary>Runs statements in order, as one transaction. Returns the id of the batch at once, or after it ended within the wait.</summary>
    /// <param name="request">1 to 40 statements; their database and login are those of this client.</param>
    /// <param name="cancellationToken">Cancels the call, not the statements.</param>
    /// <param name="attemptFailed">Is called with the failure of each attempt, also before retries; null where nobody must know.</param>
    /// <exception cref="FeedException">The service refused the call, or whether it accepted the statements is unknown.</exception>
    public async Task<string> BatchExecuteStatementAsync(
        BatchExecuteStatementRequest request, CancellationToken cancellationToken, Action<Exception>? attemptFailed = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(request.Sqls.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Sqls.Count, MaxBatch);
        return await SubmitAsync(
            "BatchExecuteStatement", request, DataApiJson.Default.BatchExecuteStatementRequest, cancellationToken, attemptFailed);
    }

    /// <summary>Returns the state of a statement or a batch.</summary>
    /// <param name="request">The id, and how long the service may wait for the end.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="FeedException">The service refused the call, or no longer knows the statement.</exception>
    public async Task<StatementDescription> DescribeStatementAsync(StatementRequest request, CancellationToken cancellationToken)
    {
        const string Operation = "DescribeStatement";
        var description = await CallAsync(
            Operation, request, DataApiJson.Default.StatementRequest, DataApiJson.Default.StatementDescription, cancellationToken);
        return StatementStatus.IsKnown(description.Status) ? description : throw Unexpected(Operation);
    }

    /// <summary>Returns one page of a result.</summary>
    /// <param name="request">The id, and the token of the page.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="FeedException">The service refused the call, or the statement has no result.</exception>
    public Task<ResultPage> GetStatementResultAsync(StatementRequest request, CancellationToken cancellationToken) => CallAsync(
        "GetStatementResult", request, DataApiJson.Default.StatementRequest, DataApiJson.Default.ResultPage, cancellationToken);

    /// <summary>Cancels a statement or a batch. Returns whether the service accepted that.</summary>
    /// <exception cref="FeedException">The service refused the call, for example because the statement has ended.</exception>
    public async Task<bool> CancelStatementAsync(string id, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(
            "CancelStatement", new StatementRequest(id), DataApiJson.Default.StatementRequest, DataApiJson.Default.CancelAnswer, cancellationToken);
        return answer.Status;
    }

    /// <summary>Returns the error about an answer that this program does not understand.</summary>
    public FeedException Unexpected(string operation)
        => RedshiftServiceErrors.Failed(location, $"{ServiceName}:{operation}", new UnexpectedResponseException());

    private async Task<string> SubmitAsync<TRequest>(
        string operation, TRequest request, JsonTypeInfo<TRequest> requestType, CancellationToken cancellationToken,
        Action<Exception>? attemptFailed = null)
        where TRequest : StatementSubmission
    {
        StatementSubmission sent = request with
        {
            Database = target.Database, WorkgroupName = target.WorkgroupName, ClusterIdentifier = target.ClusterIdentifier,
            DbUser = target.DbUser, SecretArn = target.SecretArn, ClientToken = Token(request.ClientToken),
        };
        var answer = await CallAsync(
            operation, (TRequest)sent, requestType, DataApiJson.Default.ExecuteAnswer, cancellationToken, attemptFailed);
        return answer.Id ?? throw Unexpected(operation);
    }

    private async Task<TAnswer> CallAsync<TRequest, TAnswer>(
        string operation, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken,
        Action<Exception>? attemptFailed = null)
        where TAnswer : class
    {
        try
        {
            return await service.CallJsonAsync("RedshiftData." + operation, request, requestType, answerType, cancellationToken, attemptFailed);
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            throw RedshiftServiceErrors.Failed(location, $"{ServiceName}:{operation}", e);
        }
    }

    /// <summary>Returns a client token that no other call has.</summary>
    public static string NewToken() => Guid.NewGuid().ToString("N");

    private static string Token(string? token)
    {
        if (token is null)
            return NewToken();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(token.Length, MaxToken, nameof(token));
        return token;
    }
}
