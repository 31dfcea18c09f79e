using Polly;
using Polly.Retry;

namespace PeakS3Feed.Retries;

/// <summary>How often, and after what delays, work that may yet succeed is tried again.</summary>
/// <param name="MaxRetries">Attempts after the first one; 0 for none.</param>
/// <param name="FirstDelay">The first delay; each further one doubles.</param>
/// <param name="MaxDelay">The longest delay.</param>
public sealed record RetryPolicy(int MaxRetries, TimeSpan FirstDelay, TimeSpan MaxDelay)
{
    private const double Spread = 0.25;

    /// <summary>Whether one more retry comes first, without a delay: a dropped connection is usually replaced at once.</summary>
    public bool StartsAtOnce { get; init; }

    /// <summary>Makes the pipeline that runs the work. Delays have jitter, so that clients which failed together do not come back together.</summary>
    /// <param name="time">The clock of the delays.</param>
    /// <param name="mayRetry">Whether work that failed may be tried again: the exception and the number of retries so far. It is not asked once the work is canceled.</param>
    /// <param name="retrying">Gets each failure before the delay.</param>
    internal ResiliencePipeline CreatePipeline(TimeProvider time, Func<Exception, int, bool> mayRetry, Action<RetryNotice> retrying)
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
            DelayGenerator = StartsAtOnce ? arguments => ValueTask.FromResult<TimeSpan?>(DelayAfter(arguments.AttemptNumber)) : null,
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

    private TimeSpan DelayAfter(int retries)
    {
        if (retries == 0)
            return TimeSpan.Zero;
        var delay = Math.Min(MaxDelay.Ticks, FirstDelay.Ticks * Math.Pow(2, retries - 1));
        return TimeSpan.FromTicks((long)(delay * (1 + (Spread * ((2 * Random.Shared.NextDouble()) - 1)))));
    }
}

/// <summary>A failed attempt that is followed by another one.</summary>
/// <param name="Context">The context of the work.</param>
/// <param name="Error">The failure.</param>
/// <param name="Attempt">The number of the attempt that failed, from 1.</param>
/// <param name="MaxAttempts">The highest number of attempts.</param>
/// <param name="Delay">The time until the next attempt.</param>
internal readonly record struct RetryNotice(ResilienceContext Context, Exception Error, int Attempt, int MaxAttempts, TimeSpan Delay);
