using Microsoft.Extensions.Logging;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;
using PeakS3Feed.Retries;
using Polly;

namespace PeakS3Feed.Aws;

/// <summary>Calls a service, retries calls that may succeed later, and logs each retry.</summary>
internal sealed class ServiceCalls
{
    private static readonly ResiliencePropertyKey<string> What = new("what");

    private readonly ResiliencePipeline _calls;
    private readonly ResiliencePipeline _reads;
    private readonly ILogger _logger;

    /// <param name="budget">The limits of retries.</param>
    /// <param name="time">The clock of delays.</param>
    /// <param name="logger">Logs each retry.</param>
    /// <param name="mayRetry">Returns whether a failed call may succeed later; null for a service of AWS.</param>
    /// <param name="requestedDelay">Returns the delay that the service asks for with a failure, or null; null where it never asks.</param>
    public ServiceCalls(
        RetryBudget budget, TimeProvider time, ILogger logger, Func<Exception, bool>? mayRetry = null,
        Func<Exception, TimeSpan?>? requestedDelay = null)
    {
        (Budget, Time, _logger) = (budget, time, logger);
        _calls = budget.Policy.CreatePipeline(
            time, (e, retries) => e is not FeedException && (mayRetry?.Invoke(e) ?? MaySucceed(ServiceFailure.From(e), retries)), Report,
            requestedDelay);
        _reads = (budget.Policy with { StartsAtOnce = true }).CreatePipeline(time, (e, _) => e is ConnectionDroppedException, Report);
    }

    public RetryBudget Budget { get; }

    public TimeProvider Time { get; }

    /// <summary>Makes a call with retries. Throws the last attempt's exception.</summary>
    /// <param name="what">A description for the log: <c>Listing s3://acme/in/</c>.</param>
    /// <param name="call">One attempt.</param>
    /// <param name="cancellationToken">Cancels attempts and delays.</param>
    public Task<T> RunAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        => RunAsync(_calls, what, static (c, attempt) => new ValueTask<T>(attempt(c)), call, cancellationToken).AsTask();

    /// <summary>
    /// Reads from a connection that may drop. The first retry has no delay. Only consecutive attempts without a byte count.
    /// </summary>
    /// <param name="what">A description for the log: <c>Reading s3://acme/in/a.csv</c>.</param>
    /// <param name="read">One attempt.</param>
    /// <param name="state">Passed to each attempt.</param>
    /// <param name="cancellationToken">Cancels attempts and delays.</param>
    /// <exception cref="ConnectionDroppedException">The last attempt failed, too.</exception>
    public ValueTask<T> ReadAsync<TState, T>(string what, Func<CancellationToken, TState, ValueTask<T>> read, TState state,
        CancellationToken cancellationToken)
        => RunAsync(_reads, what, read, state, cancellationToken);

    private static async ValueTask<T> RunAsync<TState, T>(
        ResiliencePipeline pipeline, string what, Func<CancellationToken, TState, ValueTask<T>> attempt, TState state,
        CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        context.Properties.Set(What, what);
        try
        {
            return await pipeline.ExecuteAsync(static (c, s) => s.attempt(c.CancellationToken, s.state), context, (attempt, state));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    // After a refusal because of a wrong clock, the SDK uses the server's time, so one retry may succeed.
    private static bool MaySucceed(ServiceFailure failure, int retries) => failure.IsTransient || (failure.IsClockSkew && retries == 0);

    private void Report(RetryNotice notice)
    {
        var reason = notice.Error is ConnectionDroppedException
            ? notice.Error.Message
            : ServiceFailure.From(notice.Error) is var failure ? failure.Code ?? failure.Message : "";
        _logger.LogWarning(
            "{What}: {Reason}; attempt {Attempt} of {Attempts} follows in {Seconds:0.0} s",
            notice.Context.Properties.GetValue(What, ""), reason, notice.Attempt + 1, notice.MaxAttempts, notice.Delay.TotalSeconds);
    }
}

/// <summary>A connection was lost, stalled or ended early while a body was read.</summary>
internal sealed class ConnectionDroppedException(long position, Exception inner) : Exception($"the connection dropped at byte {position}", inner);
