using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PeakS3Feed.Aws;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds.Running;

namespace PeakS3Feed.Serving;

/// <summary>Runs several feeds at the same time, up to a limit. The runs start in the given order.</summary>
/// <remarks>
/// Runs that write to the same table, or to the same SQLite file, follow each other, and a feed that is named twice runs twice, one run after the
/// other: the result is that of running all feeds one after the other. Meanwhile later feeds start. A run that fails does not affect the others.
/// </remarks>
public sealed class FeedBatch
{
    private readonly FeedEngine _engine;
    private readonly FeedBatchOptions _options;

    /// <summary>Creates a batch of feeds of an engine's store.</summary>
    public FeedBatch(FeedEngine engine, FeedBatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Limit, 1);
        (_engine, _options) = (engine, options);
    }

    /// <summary>
    /// Runs the feeds, and returns each run when it has ended. If the enumeration ends early or is canceled, the active runs are stopped and awaited,
    /// and no further run starts. Canceling ends the enumeration without an exception, after the results of the stopped runs.
    /// </summary>
    /// <param name="feeds">The names of the feeds. A name that does not exist is a result, too.</param>
    /// <param name="cancellationToken">Stops the runs.</param>
    public async IAsyncEnumerable<FeedOutcome> RunAsync(
        IReadOnlyList<string> feeds, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var waiting = await FindTargetsAsync(feeds, cancellationToken);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var outcomes = Channel.CreateUnbounded<FeedOutcome>();
        var running = RunAllAsync(waiting, outcomes.Writer, stopping.Token);
        try
        {
            await foreach (var outcome in outcomes.Reader.ReadAllAsync(CancellationToken.None))
                yield return outcome;
        }
        finally
        {
            await stopping.CancelAsync();
            await running;
        }
    }

    // One run at a time conflicts with no other, so the definitions are not needed.
    private async Task<List<RunTargets>> FindTargetsAsync(IReadOnlyList<string> feeds, CancellationToken cancellationToken)
    {
        var definitions = _options.Limit > 1 && feeds.Count > 1 ? await _engine.Store.ReadAsync(cancellationToken) : null;
        return
        [
            .. feeds.Select(name => definitions?.FindFeed(name) is { } feed
                ? RunTargets.From(definitions, feed, _engine.Options.Kinds) with { FeedName = name }
                : new RunTargets(Guid.NewGuid(), name, name, [])),
        ];
    }

    private async Task RunAllAsync(List<RunTargets> waiting, ChannelWriter<FeedOutcome> outcomes, CancellationToken stopping)
    {
        var logger = _engine.Options.Loggers.CreateLogger("PeakS3Feed.Run");
        var slots = new RunSlots(_options.Limit, new RunConflicts(_engine.Options.Kinds, _engine.Paths.StateDirectory, tables: true), logger);
        try
        {
            while (waiting.Count > 0 && !stopping.IsCancellationRequested)
            {
                // Before the check: a run that ends after it must end the wait.
                var ended = slots.WhenOneEndedAsync();
                if (waiting.Find(slots.MayStart) is not { } next)
                {
                    await ended;
                    continue;
                }
                waiting.Remove(next);
                slots.Start(next, async () => outcomes.TryWrite(await RunAsync(next.FeedName, stopping)));
            }
        }
        finally
        {
            await slots.WhenIdleAsync();
            outcomes.Complete();
        }
    }

    private async Task<FeedOutcome> RunAsync(string feed, CancellationToken cancellationToken)
    {
        using var view = _options.View?.Invoke(feed);
        try
        {
            var result = await (_options.Run?.Invoke(feed, view, cancellationToken)
                ?? _engine.RunAsync(feed, _options.RunOptions, _options.AccessKey, view, cancellationToken));
            return new FeedOutcome(feed, result, Error: null);
        }
        catch (Exception e)
        {
            return new FeedOutcome(feed, Result: null, e);
        }
    }
}

/// <summary>The options of a <see cref="FeedBatch"/>.</summary>
public sealed record FeedBatchOptions
{
    /// <summary>The maximum number of feeds that run at a time, at least 1.</summary>
    public int Limit { get; init; } = 1;

    /// <summary>The options of each run.</summary>
    public RunOptions RunOptions { get; init; } = new();

    /// <summary>Base credentials for these runs alone, or null.</summary>
    public AccessKey? AccessKey { get; init; }

    /// <summary>Creates the view of the run of a feed. Is called when the run starts, on any thread; or null.</summary>
    public Func<string, IRunView>? View { get; init; }

    /// <summary>Runs the feed with this name; null for the engine.</summary>
    internal Func<string, IRunView?, CancellationToken, Task<RunResult>>? Run { get; init; }
}

/// <summary>How one feed of a batch ended.</summary>
/// <param name="Feed">The feed's name as it was given.</param>
/// <param name="Result">The run; null if it could not begin.</param>
/// <param name="Error">Why the run could not begin; null if it began.</param>
public sealed record FeedOutcome(string Feed, RunResult? Result, Exception? Error);
