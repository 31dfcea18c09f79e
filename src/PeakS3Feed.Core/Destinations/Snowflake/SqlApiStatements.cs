using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>Runs statements of the SQL API to their end, which may take hours, and cancels them if the caller is cancelled.</summary>
/// <param name="client">Makes the calls.</param>
/// <param name="time">The clock of waits.</param>
/// <param name="logger">Logs statements that take long, and cancellations that fail.</param>
internal sealed class SqlApiStatements(SqlApiClient client, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    // The log says after a minute that a statement takes long, and then every ten minutes.
    private static readonly TimeSpan FirstNote = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan NextNote = TimeSpan.FromMinutes(10);

    /// <summary>The limit for the answer of a submission, and for cancelling, after the caller was cancelled.</summary>
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs one statement to its end.</summary>
    /// <param name="request">The statement.</param>
    /// <param name="isAsync">Whether it may take long: then the service names it at once, so that it can be cancelled from the beginning.</param>
    /// <param name="cancellationToken">Cancels the statement in Snowflake, too. A statement that ended in the meantime stays as it ended.</param>
    /// <returns><see cref="SqlApiOutcome.Finished"/> or <see cref="SqlApiOutcome.Refused"/>.</returns>
    /// <exception cref="FeedException">The service failed. Whether the statement ran is unknown.</exception>
    /// <exception cref="OperationCanceledException">The caller was cancelled. Whether the statement ran is unknown.</exception>
    public async Task<SqlApiOutcome> RunAsync(StatementRequest request, bool isAsync, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var id = Guid.NewGuid();
        string? handle = null;
        try
        {
            var outcome = await SubmitAsync(request, id, isAsync, cancellationToken);
            handle = outcome.Handle;
            if (outcome is not SqlApiOutcome.Running running)
                return outcome;
            cancellationToken.ThrowIfCancellationRequested();
            return await WaitAsync(running.Handle!, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (handle is null)
                logger.LogWarning("A statement was cancelled before Snowflake named it (request {Id}); it may still run", id);
            else
                await CancelAsync(handle);
            throw;
        }
    }

    /// <summary>Submits a statement that may take long. Returns at once.</summary>
    /// <param name="request">The statement.</param>
    /// <param name="id">The id of the request.</param>
    /// <param name="isResent">Whether a request with this id may have been received before.</param>
    /// <param name="attemptFailed">Is called with the failure of each attempt, also before retries.</param>
    /// <param name="cancellationToken">Cancels the request, not the statement.</param>
    /// <exception cref="FeedException">The service failed. Whether it accepted the statement depends on the failures of all attempts.</exception>
    public Task<SqlApiOutcome> SubmitAsync(
        StatementRequest request, Guid id, bool isResent, Action<Exception> attemptFailed, CancellationToken cancellationToken)
        => client.SubmitAsync(request, id, isAsync: true, isResent, attemptFailed, cancellationToken);

    /// <summary>Waits for the end of a statement that was submitted before. Does not cancel it.</summary>
    /// <param name="handle">The id of the statement.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see cref="SqlApiOutcome.Finished"/> or <see cref="SqlApiOutcome.Refused"/>.</returns>
    /// <exception cref="FeedException">The service failed, or no longer knows the statement.</exception>
    public async Task<SqlApiOutcome> WaitAsync(string handle, CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        var (began, noted) = (time.GetTimestamp(), TimeSpan.Zero);
        while (true)
        {
            await Task.Delay(delay, time, cancellationToken);
            if (time.GetElapsedTime(began) is var waited && waited > (noted == TimeSpan.Zero ? FirstNote : noted + NextNote))
            {
                noted = waited;
                logger.LogInformation(
                    "Snowflake has run statement {Handle} for {Minutes} minutes: the query history of the account shows it.", handle,
                    (int)waited.TotalMinutes);
            }
            var outcome = await client.GetAsync(handle, cancellationToken);
            if (outcome is not SqlApiOutcome.Running)
                return outcome;
            delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
        }
    }

    /// <summary>Reads the rows of a result, partition by partition. A NULL is null.</summary>
    /// <exception cref="FeedException">The service failed.</exception>
    public async IAsyncEnumerable<IReadOnlyList<string?>> ReadAsync(
        SqlApiOutcome.Finished finished, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long read = 0;
        foreach (var row in finished.Answer.Data ?? [])
        {
            read++;
            yield return row;
        }
        var partitions = finished.Answer.ResultSetMetaData?.PartitionInfo?.Count ?? 1;
        for (var i = 1; i < partitions; i++)
        {
            foreach (var row in await client.GetPartitionAsync(finished.Handle!, i, cancellationToken))
            {
                read++;
                yield return row;
            }
        }
        if (finished.Answer.ResultSetMetaData?.NumRows is { } rows && rows != read)
            throw client.Incomplete(read, rows);
    }

    /// <summary>Cancels a statement in Snowflake. One that has ended in the meantime stays as it ended. A failure is logged.</summary>
    public async Task CancelAsync(string handle)
    {
        using var limit = new CancellationTokenSource(CancelTimeout, time);
        try
        {
            await client.CancelAsync(handle, limit.Token);
        }
        catch (Exception e) when (e is FeedException or OperationCanceledException)
        {
            // It may have ended in the meantime.
            logger.LogWarning("The statement {Handle} could not be cancelled: {Reason}", handle, e.Message);
        }
    }

    // The request is not cut off at once: without its answer, nobody could cancel the statement.
    private async Task<SqlApiOutcome> SubmitAsync(StatementRequest request, Guid id, bool isAsync, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var registration = cancellationToken.Register(() => limit.CancelAfter(CancelTimeout));
        try
        {
            return await client.SubmitAsync(request, id, isAsync, isResent: false, attemptFailed: null, limit.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
