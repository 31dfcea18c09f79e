using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>Runs statements of the Data API to their end, which may take hours, and cancels them if the caller is cancelled.</summary>
/// <param name="client">Makes the calls.</param>
/// <param name="time">The clock of waits.</param>
/// <param name="logger">Logs cancellations that fail.</param>
internal sealed class DataApiStatements(DataApiClient client, TimeProvider time, ILogger logger)
{
    /// <summary>How long one call waits for a statement's end. The service allows 30 seconds; some proxies cut calls so long.</summary>
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);

    /// <summary>The wait of the call that submits. It is short: a cancellation needs the statement's id, which comes with the answer.</summary>
    private static readonly TimeSpan SubmitPoll = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    /// <summary>The limit for the answer of a submission, and for cancelling, after the caller was cancelled.</summary>
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(10);

    private volatile bool _serviceWaits = true;

    /// <summary>Runs one statement to its end.</summary>
    /// <param name="request">The statement. <c>WaitTimeSeconds</c> is set here.</param>
    /// <param name="cancellationToken">Cancels the statement in the warehouse, too. A statement that ended in the meantime stays as it ended.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="FeedException">The service failed. Whether the statement ran is unknown.</exception>
    /// <exception cref="OperationCanceledException">The caller was cancelled. Whether the statement ran is unknown.</exception>
    public Task<StatementOutcome> RunAsync(ExecuteStatementRequest request, CancellationToken cancellationToken)
    {
        var token = request.ClientToken ?? DataApiClient.NewToken();
        return RunAsync(
            (wait, c) => client.ExecuteStatementAsync(request with { ClientToken = token, WaitTimeSeconds = wait }, c), token, cancellationToken);
    }

    /// <summary>Runs statements to their end, in order, as one transaction.</summary>
    /// <param name="request">The statements. <c>WaitTimeSeconds</c> is set here.</param>
    /// <param name="cancellationToken">Cancels the transaction in the warehouse, too. A batch that ended in the meantime stays as it ended.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="FeedException">The service failed. Whether the transaction is committed is unknown.</exception>
    /// <exception cref="OperationCanceledException">The caller was cancelled. Whether the transaction is committed is unknown.</exception>
    public Task<StatementOutcome> RunAsync(BatchExecuteStatementRequest request, CancellationToken cancellationToken)
    {
        var token = request.ClientToken ?? DataApiClient.NewToken();
        return RunAsync(
            (wait, c) => client.BatchExecuteStatementAsync(request with { ClientToken = token, WaitTimeSeconds = wait }, c), token,
            cancellationToken);
    }

    /// <summary>Submits statements that run in order, as one transaction, and returns the id of the batch.</summary>
    /// <param name="request">The statements with their token. <c>WaitTimeSeconds</c> is set here.</param>
    /// <param name="attemptFailed">Is called with the failure of each attempt, also before retries.</param>
    /// <param name="cancellationToken">Cancels the call, not the statements.</param>
    /// <exception cref="FeedException">The service failed. Whether it accepted the statements depends on the failures of all attempts.</exception>
    public Task<string> SubmitAsync(BatchExecuteStatementRequest request, Action<Exception> attemptFailed, CancellationToken cancellationToken)
        => WithWaitAsync(
            SubmitPoll, (wait, c) => client.BatchExecuteStatementAsync(request with { WaitTimeSeconds = wait }, c, attemptFailed), cancellationToken);

    /// <summary>Waits for the end of a statement or a batch that was submitted before. Does not cancel it.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeedException">The service failed, or no longer knows the statement.</exception>
    public async Task<StatementOutcome> WaitAsync(string id, CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        while (true)
        {
            var began = time.GetTimestamp();
            var description = await WithWaitAsync(LongPoll, (wait, c) => client.DescribeStatementAsync(new(id) { WaitTimeSeconds = wait }, c),
                cancellationToken);
            if (StatementOutcome.From(id, description) is { } outcome)
                return outcome;

            // A service that waited is called again at once; one that answered early is not called too often.
            if (_serviceWaits && time.GetElapsedTime(began) > LongPoll / 2)
                continue;
            await Task.Delay(delay, time, cancellationToken);
            delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
        }
    }

    /// <summary>Reads the rows of a result, page by page. A NULL is null; see <see cref="ResultField.Text"/> for other values.</summary>
    /// <param name="id">The id of a statement that finished with a result; for a statement of a batch, with its number: <c>…:2</c>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FeedException">The service failed.</exception>
    public async IAsyncEnumerable<IReadOnlyList<string?>> ReadAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var page = await client.GetStatementResultAsync(new(id) { NextToken = next }, cancellationToken);
            foreach (var record in page.Records ?? [])
                yield return [.. record.Select(f => f.Text)];
            if (page.NextToken is not null && page.NextToken == next)
                throw client.Unexpected("GetStatementResult");
            next = page.NextToken;
        }
        while (!string.IsNullOrEmpty(next));
    }

    private async Task<StatementOutcome> RunAsync(
        Func<int?, CancellationToken, Task<string>> submit, string token, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string? id = null;
        try
        {
            id = await SubmitAsync(submit, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return await WaitAsync(id, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await CancelAsync(id, token);
            throw;
        }
    }

    // The submission is not cut off at once: without its answer, nobody could cancel the statement.
    private async Task<string> SubmitAsync(Func<int?, CancellationToken, Task<string>> submit, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var registration = cancellationToken.Register(() => limit.CancelAfter(CancelTimeout));
        try
        {
            return await WithWaitAsync(SubmitPoll, submit, limit.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private async Task CancelAsync(string? id, string token)
    {
        if (id is null)
            logger.LogWarning("A statement was cancelled before the Data API named it (token {Token}); it may still run", token);
        else
            await CancelAsync(id);
    }

    /// <summary>Cancels a statement or a batch in the warehouse. One that has ended in the meantime stays as it ended. A failure is logged.</summary>
    public async Task CancelAsync(string id)
    {
        using var limit = new CancellationTokenSource(CancelTimeout, time);
        try
        {
            await client.CancelStatementAsync(id, limit.Token);
        }
        catch (Exception e) when (e is FeedException or OperationCanceledException)
        {
            // It may have ended in the meantime.
            logger.LogWarning("The statement {Id} could not be cancelled: {Reason}", id, e.Message);
        }
    }

    // A service that does not know WaitTimeSeconds ignores it, or refuses it once.
    private async Task<T> WithWaitAsync<T>(TimeSpan wait, Func<int?, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(_serviceWaits ? (int)wait.TotalSeconds : null, cancellationToken);
        }
        catch (FeedException e) when (_serviceWaits && e.ServiceCode is "ValidationException" or "SerializationException"
            && e.Message.Contains("WaitTimeSeconds", StringComparison.OrdinalIgnoreCase))
        {
            _serviceWaits = false;
            return await call(null, cancellationToken);
        }
    }
}
