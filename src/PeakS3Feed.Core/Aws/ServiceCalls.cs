using Microsoft.Extensions.Logging;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;
using PeakS3Feed.Retries;
using Polly;

namespace PeakS3Feed.Aws;

/// <summary>Calls a service, retries calls that may yet succeed, and logs each retry.</summary>
internal sealed class ServiceCalls
{
    private static readonly ResiliencePropertyKey<string> What = new("what");

    private readonly ResiliencePipeline _calls;
    private readonly ResiliencePipeline _reads;
    private readonly ILogger _logger;

    public ServiceCalls(RetryBudget budget, TimeProvider time, ILogger logger)
    {
        (Budget, Time, _logger) = (budget, time, logger);
        _calls = budget.Policy.CreatePipeline(time, (e, retries) => e is not FeedException && MayPass(ServiceFailure.From(e), retries), Report);
        _reads = (budget.Policy with { StartsAtOnce = true }).CreatePipeline(time, (e, _) => e is ConnectionDroppedException, Report);
    }

    public RetryBudget Budget { get; }

    public TimeProvider Time { get; }

    /// <summary>Makes a call. The last attempt's exception is thrown in the end.</summary>
    /// <param name="what">For the log: <c>Listing s3://acme/in/</c>.</param>
    /// <param name="call">One attempt.</param>
    /// <param name="cancellationToken">Ends attempts and delays.</param>
    public Task<T> RunAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        => RunAsync(_calls, what, static (c, attempt) => new ValueTask<T>(attempt(c)), call, cancellationToken).AsTask();

    /// <summary>
    /// Reads from a connection that may drop: resumes at once, and then after delays. Counts only attempts in a row without a byte.
    /// </summary>
    /// <param name="what">For the log: <c>Reading s3://acme/in/a.csv</c>.</param>
    /// <param name="read">One attempt.</param>
    /// <param name="state">Passed to each attempt.</param>
    /// <param name="cancellationToken">Ends attempts and delays.</param>
    /// <exception cref="ConnectionDroppedException">The last attempt dropped, too.</exception>
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

    // The SDK corrects a clock that is off by the server's time in the refusal, so that is worth one retry.
    private static bool MayPass(ServiceFailure failure, int retries) => failure.IsTransient || (failure.IsClockSkew && retries == 0);

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

/// <summary>A connection dropped, fell silent or ended early in the middle of a body.</summary>
internal sealed class ConnectionDroppedException(long position, Exception inner) : Exception($"the connection dropped at byte {position}", inner);
