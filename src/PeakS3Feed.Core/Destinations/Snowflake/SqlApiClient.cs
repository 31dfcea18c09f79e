using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// Calls Snowflake's SQL API: one method for each operation, with retries. A request that runs a statement has an id, so that a retry after a lost
/// answer does not run it twice while the service remembers the id. It may forget it: the ledger decides what is loaded. Safe for concurrent use.
/// </summary>
internal sealed class SqlApiClient
{
    private const string Path = "/api/v2/statements";
    private const int MaxRenewals = 1;

    private readonly SqlApiHttp _http;
    private readonly SnowflakeTokens _tokens;
    private readonly SnowflakeLoginErrors _loginErrors;
    private readonly string _location;
    private readonly ServiceCalls _calls;

    /// <param name="http">Makes the attempts.</param>
    /// <param name="tokens">The user's tokens.</param>
    /// <param name="loginErrors">Creates the errors of logins.</param>
    /// <param name="location">The destination, for messages.</param>
    /// <param name="budget">The limits of retries.</param>
    /// <param name="time">The clock of delays.</param>
    /// <param name="logger">Logs retries.</param>
    public SqlApiClient(
        SqlApiHttp http, SnowflakeTokens tokens, SnowflakeLoginErrors loginErrors, string location, RetryBudget budget, TimeProvider time,
        ILogger logger)
    {
        (_http, _tokens, _loginErrors, _location) = (http, tokens, loginErrors, location);
        _calls = new(budget, time, logger, SnowflakeFaults.IsTransient, e => (e as SqlApiException)?.RetryAfter);
    }

    private DateTimeOffset Now => _calls.Time.GetUtcNow();

    /// <summary>Submits a statement.</summary>
    /// <param name="request">The statement.</param>
    /// <param name="id">The id of the request. Retries have the same one.</param>
    /// <param name="isAsync">Whether the service answers at once, and not after the statement has ended or 45 seconds have passed.</param>
    /// <param name="isResent">Whether a request with this id may have been received before.</param>
    /// <param name="attemptFailed">Is called with the failure of each attempt, also before retries; null where nobody must know.</param>
    /// <param name="cancellationToken">Cancels the request, not the statement.</param>
    /// <exception cref="FeedException">The service refused the request, or whether it accepted the statement is unknown.</exception>
    public Task<SqlApiOutcome> SubmitAsync(
        StatementRequest request, Guid id, bool isAsync, bool isResent, Action<Exception>? attemptFailed, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, SqlApiJson.Default.StatementRequest);
        var attempts = isResent ? 1 : 0;
        return CallAsync(
            "Submitting a statement",
            () =>
            {
                var path = $"{Path}?requestId={id:D}{(isAsync ? "&async=true" : "")}{(attempts++ > 0 ? "&retry=true" : "")}";
                return (HttpMethod.Post, path, body);
            },
            ReadOutcome, attemptFailed, cancellationToken);
    }

    /// <summary>Returns the state of a statement.</summary>
    /// <exception cref="FeedException">The service refused the call.</exception>
    public Task<SqlApiOutcome> GetAsync(string handle, CancellationToken cancellationToken)
        => CallAsync("Waiting for a statement", () => (HttpMethod.Get, PathOf(handle), null), ReadOutcome, null, cancellationToken);

    /// <summary>Returns the rows of a further partition of a result.</summary>
    /// <param name="handle">The id of the statement.</param>
    /// <param name="partition">The number of the partition, from 1; the answer itself has the one with the number 0.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="FeedException">The service refused the call.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<string?>>> GetPartitionAsync(string handle, int partition, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{PathOf(handle)}?partition={partition}");
        var answer = await CallAsync("Reading a result", () => (HttpMethod.Get, path, null), Read, null, cancellationToken);
        return answer.Data ?? [];

        PartitionAnswer Read(SqlApiResponse response)
            => response.Status == 200 ? response.Parse(SqlApiJson.Default.PartitionAnswer) : throw response.ToException(Now);
    }

    /// <summary>Cancels a statement.</summary>
    /// <exception cref="FeedException">The service refused the call, for example because the statement has ended.</exception>
    public async Task CancelAsync(string handle, CancellationToken cancellationToken)
    {
        await CallAsync(
            "Cancelling a statement", () => (HttpMethod.Post, PathOf(handle) + "/cancel", "{}"u8.ToArray()), Read, null, cancellationToken);

        StatementAnswer Read(SqlApiResponse response)
            => response.Status == 200 ? response.Parse(SqlApiJson.Default.StatementAnswer) : throw response.ToException(Now);
    }

    /// <summary>A result has another number of rows than the service announced.</summary>
    public FeedException Incomplete(long read, long announced) => SnowflakeServiceErrors.Incomplete(_location, read, announced);

    private static string PathOf(string handle) => $"{Path}/{Uri.EscapeDataString(handle)}";

    private SqlApiOutcome ReadOutcome(SqlApiResponse response)
    {
        if (response.Status is 200 or 202)
        {
            var answer = response.Parse(SqlApiJson.Default.StatementAnswer);
            var handle = answer.StatementHandle ?? throw new UnexpectedResponseException();
            return response.Status == 202 ? new SqlApiOutcome.Running(handle) : new SqlApiOutcome.Finished(handle, answer);
        }

        // 408: the statement ran into a timeout and is cancelled. 422: it failed.
        var failure = response.ToException(Now);
        return failure is { Status: 408 or 422, IsOfService: true } ? new SqlApiOutcome.Refused(failure.Handle, failure) : throw failure;
    }

    private async Task<T> CallAsync<T>(
        string what, Func<(HttpMethod Method, string Path, byte[]? Body)> create, Func<SqlApiResponse, T> read,
        Action<Exception>? attemptFailed, CancellationToken cancellationToken)
    {
        try
        {
            return await _calls.RunAsync(
                $"{what} for {_location}",
                async c =>
                {
                    try
                    {
                        return await SendAsync(create, read, c);
                    }
                    catch (Exception e) when (attemptFailed is not null)
                    {
                        attemptFailed(e);
                        throw;
                    }
                },
                cancellationToken);
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            throw SnowflakeServiceErrors.Failed(_location, e);
        }
    }

    // A token that Snowflake refuses may be replaced in the meantime, or expired on the way: another one is tried at once.
    private async Task<T> SendAsync<T>(
        Func<(HttpMethod Method, string Path, byte[]? Body)> create, Func<SqlApiResponse, T> read, CancellationToken cancellationToken)
    {
        for (var renewals = 0; ; renewals++)
        {
            var token = await _tokens.GetAsync(cancellationToken);
            var (method, path, body) = create();
            var response = await _http.SendAsync(method, path, body, token, cancellationToken);
            if (response.Status is not (401 or 403))
                return read(response);
            var refusal = response.ToException(Now);
            if (refusal.Status == 401 && renewals < MaxRenewals)
                _tokens.Forget(token);
            else
                throw _loginErrors.Refused(refusal, token, Now);
        }
    }
}
