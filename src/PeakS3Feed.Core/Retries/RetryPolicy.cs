using Polly;
using Polly.Retry;

namespace PeakS3Feed.Retries;

/// <summary>The number of retries of failed work, and the delays between them.</summary>
/// <param name="MaxRetries">The maximum number of retries after the first attempt; 0 for none.</param>
/// <param name="FirstDelay">The first delay. Each further delay is twice as long.</param>
/// <param name="MaxDelay">The maximum delay.</param>
public sealed record RetryPolicy(int MaxRetries, TimeSpan FirstDelay, TimeSpan MaxDelay)
{
    /// <summary>The maximum delay that a service may ask for.</summary>
    internal static readonly TimeSpan MaxRequestedDelay = TimeSpan.FromMinutes(5);

    private const double Spread = 0.25;

    /// <summary>Whether an additional first retry has no delay: after a dropped connection, the next one usually succeeds.</summary>
    public bool StartsAtOnce { get; init; }

    /// <summary>Creates the pipeline that runs the work. Delays have jitter, so that clients which failed together do not retry together.</summary>
    /// <param name="time">The clock of the delays.</param>
    /// <param name="mayRetry">Whether failed work may be retried, from the exception and the number of retries so far. It is not called after the
    /// work was canceled.</param>
    /// <param name="retrying">Is called with each failure before the delay.</param>
    /// <param name="requestedDelay">
    /// Returns the delay that the service asks for with a failure, in place of the policy's; null for none. Up to <see cref="MaxRequestedDelay"/>
    /// is granted.
    /// </param>
    internal ResiliencePipeline CreatePipeline(
        TimeProvider time, Func<Exception, int, bool> mayRetry, Action<RetryNotice> retrying, Func<Exception, TimeSpan?>? requestedDelay = null)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        var retries = MaxRetries + (StartsAtOnce ? 1 : 0);
        if (retries == 0)
            return builder.Build();
        return builder.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstDelay,
            MaxDelay = MaxDelay,
            DelayGenerator = StartsAtOnce ? arguments => ValueTask.FromResult<TimeSpan?>(DelayAfter(arguments.AttemptNumber))
                : requestedDelay is null ? null
                : arguments => ValueTask.FromResult(Limit(requestedDelay(arguments.Outcome.Exception!))),
            ShouldHandle = arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is { } e && !arguments.Context.CancellationToken.IsCancellationRequested
                    && mayRetry(e, arguments.AttemptNumber)),
            OnRetry = arguments =>
            {
                retrying(new(arguments.Context, arguments.Outcome.Exception!, arguments.AttemptNumber + 1, retries + 1, arguments.RetryDelay));
                return default;
            },
        }).Build();
    }

    private static TimeSpan? Limit(TimeSpan? requested)
        => requested is not { } delay ? null : delay < TimeSpan.Zero ? TimeSpan.Zero : delay > MaxRequestedDelay ? MaxRequestedDelay : delay;

    private TimeSpan DelayAfter(int retries)
    {
        if (retries == 0)
            return TimeSpan.Zero;
        var delay = Math.Min(MaxDelay.Ticks, FirstDelay.Ticks * Math.Pow(2, retries - 1));
        return TimeSpan.FromTicks((long)(delay * (1 + (Spread * ((2 * Random.Shared.NextDouble()) - 1)))));
    }
}

/// <summary>A failed attempt that will be repeated.</summary>
/// <param name="Context">The context of the work.</param>
/// <param name="Error">The exception.</param>
/// <param name="Attempt">The number of the failed attempt, from 1.</param>
/// <param name="MaxAttempts">The maximum number of attempts.</param>
/// <param name="Delay">The time until the next attempt.</param>
internal readonly record struct RetryNotice(ResilienceContext Context, Exception Error, int Attempt, int MaxAttempts, TimeSpan Delay);
