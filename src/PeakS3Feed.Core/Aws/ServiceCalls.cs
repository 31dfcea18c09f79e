using Microsoft.Extensions.Logging;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;
using Polly;
using Polly.Retry;

namespace PeakS3Feed.Aws;

/// <summary>Makes calls to a service, again after a pause where that may help, and says so in the log.</summary>
internal sealed class ServiceCalls
{
    private static readonly ResiliencePropertyKey<string> What = new("what");
    private readonly ResiliencePipeline _pipeline;
    private readonly ILogger _logger;

    public ServiceCalls(RetryBudget budget, TimeProvider time, ILogger logger)
    {
        Budget = budget;
        Time = time;
        _logger = logger;
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (budget.Retries > 0)
            builder.AddRetry(Strategy(budget));
        _pipeline = builder.Build();
    }

    public RetryBudget Budget { get; }

    public TimeProvider Time { get; }

    /// <summary>Makes the call; what is thrown in the end is what the last attempt threw.</summary>
    /// <param name="what">For the log: <c>listing s3://acme/in/</c>.</param>
    /// <param name="call">One attempt.</param>
    /// <param name="cancellationToken">Ends attempts and pauses.</param>
    public async Task<T> RunAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        context.Properties.Set(What, what);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (c, attempt) => await attempt(c.CancellationToken), context, call);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Tells the log that an attempt failed and when the next one follows.</summary>
    public void Report(string what, string reason, int failed, TimeSpan pause) => _logger.LogWarning(
        "{What}: {Reason}; attempt {Attempt} of {Attempts} follows in {Seconds:0.0} s", what, reason, failed + 1, Budget.Retries + 1, pause.TotalSeconds);

    /// <summary>A clock that is off is made up for by the SDK, by what the refusal says of the server's; so it is worth one more attempt.</summary>
    private static bool MayPass(ServiceFailure failure, int failed) => failure.IsTransient || (failure.IsClockSkew && failed == 0);

    private RetryStrategyOptions Strategy(RetryBudget budget) => new()
    {
        MaxRetryAttempts = budget.Retries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = budget.FirstPause,
        MaxDelay = budget.LongestPause,
        ShouldHandle = arguments => ValueTask.FromResult(
            arguments.Outcome.Exception is { } e and not FeedException
            && !arguments.Context.CancellationToken.IsCancellationRequested
            && MayPass(ServiceFailure.From(e), arguments.AttemptNumber)),
        OnRetry = arguments =>
        {
            var failure = ServiceFailure.From(arguments.Outcome.Exception!);
            Report(arguments.Context.Properties.GetValue(What, ""), failure.Code ?? failure.Message, arguments.AttemptNumber + 1, arguments.RetryDelay);
            return default;
        },
    };
}
