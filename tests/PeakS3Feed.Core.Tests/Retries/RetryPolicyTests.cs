using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Retries;

namespace PeakS3Feed.Tests.Retries;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Policy = new(5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));

    private readonly FakeTimeProvider _time = new();
    private readonly List<RetryNotice> _notices = [];
    private int _attempts;

    [Fact]
    public async Task Work_is_tried_as_often_as_the_policy_says_and_the_last_error_is_thrown()
    {
        var error = await Assert.ThrowsAsync<IOException>(() => RunAsync(Policy, _ => throw new IOException($"attempt {_attempts}")));
        Assert.Equal(("attempt 6", 6), (error.Message, _attempts));
        Assert.Equal([1, 2, 3, 4, 5], _notices.Select(n => n.Attempt));
        Assert.All(_notices, n => Assert.Equal(6, n.MaxAttempts));
    }

    [Fact]
    public async Task Work_that_succeeds_is_tried_no_more()
    {
        await RunAsync(Policy, _ => _attempts < 3 ? throw new IOException() : ValueTask.CompletedTask);
        Assert.Equal((3, 2), (_attempts, _notices.Count));
    }

    [Fact]
    public async Task Delays_grow_spread_at_random_and_have_a_limit()
    {
        var many = new List<List<double>>();
        for (var i = 0; i < 40; i++)
        {
            _notices.Clear();
            await Assert.ThrowsAsync<IOException>(() => RunAsync(Policy, _ => throw new IOException()));
            many.Add([.. _notices.Select(n => n.Delay.TotalSeconds)]);
        }
        Assert.All(many, delays => Assert.All(delays, d => Assert.InRange(d, 0, 4)));
        Assert.True(many.Average(d => d[0]) < many.Average(d => d[2]));
        Assert.True(many.Select(d => d[0]).Distinct().Count() > 20, "the first delay has no jitter");
    }

    [Fact]
    public async Task A_policy_that_starts_at_once_has_one_more_retry_without_a_delay()
    {
        await Assert.ThrowsAsync<IOException>(() => RunAsync(Policy with { StartsAtOnce = true }, _ => throw new IOException()));
        Assert.Equal(7, _attempts);
        Assert.Equal(TimeSpan.Zero, _notices[0].Delay);
        double[] expected = [1, 2, 4, 4, 4];
        Assert.All(expected.Zip(_notices.Skip(1)), p => Assert.InRange(p.Second.Delay.TotalSeconds, p.First * 0.75, p.First * 1.25));
    }

    [Fact]
    public async Task What_may_not_be_retried_is_thrown_at_once()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(Policy, _ => throw new InvalidOperationException()));
        await Assert.ThrowsAsync<IOException>(() => RunAsync(Policy with { MaxRetries = 0 }, _ => throw new IOException()));
        Assert.Equal((2, 0), (_attempts, _notices.Count));
    }

    [Fact]
    public async Task Cancellation_ends_a_delay()
    {
        using var stop = new CancellationTokenSource();
        var pipeline = Policy.CreatePipeline(_time, (_, _) => true, n => { _notices.Add(n); stop.CancelAfter(0); });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => pipeline.ExecuteAsync(_ => throw new IOException($"{++_attempts}"), stop.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal((1, 1), (_attempts, _notices.Count));
    }

    [Fact]
    public async Task Canceled_work_is_not_retried()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAsync<IOException>(() => RunAsync(
            Policy,
            _ =>
            {
                stop.Cancel();
                throw new IOException();
            },
            cancellationToken: stop.Token));
        Assert.Equal((1, 0), (_attempts, _notices.Count));
    }

    [Fact]
    public async Task A_delay_that_the_service_asks_for_replaces_that_of_the_policy_up_to_a_limit()
    {
        TimeSpan?[] asked = [TimeSpan.FromSeconds(9), TimeSpan.FromDays(1), TimeSpan.FromSeconds(-3), null, TimeSpan.FromSeconds(7)];
        await Assert.ThrowsAsync<IOException>(() => RunAsync(Policy, _ => throw new IOException(), requestedDelay: _ => asked[_attempts - 1]));
        Assert.Equal([9, 300, 0], _notices.Take(3).Select(n => n.Delay.TotalSeconds));
        Assert.InRange(_notices[3].Delay.TotalSeconds, 0, 4);
        Assert.Equal(7, _notices[4].Delay.TotalSeconds);
    }

    private async Task RunAsync(
        RetryPolicy policy, Func<CancellationToken, ValueTask> work, Func<Exception, TimeSpan?>? requestedDelay = null,
        CancellationToken cancellationToken = default)
    {
        var pipeline = policy.CreatePipeline(_time, (e, _) => e is IOException, _notices.Add, requestedDelay);
        var run = pipeline.ExecuteAsync(
            c =>
            {
                _attempts++;
                return work(c);
            },
            cancellationToken).AsTask();
        while (!run.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await run;
    }
}
