using PeakS3Feed.Errors;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>Runs a feed, and records how the run goes. <see cref="FeedRun"/> does the work in between.</summary>
public sealed class FeedRunner(IRunEnvironment environment, FeedRunnerOptions options)
{
    private readonly RunRecorder _recorder = new(environment, options);

    /// <summary>
    /// Runs the feed. A run that has begun always returns a result. If the run may not begin (the feed is disabled or already running), this method
    /// throws. If the run is cancelled while a commit is being sent, it ends after that commit.
    /// </summary>
    /// <param name="access">The feed as it was read last. The run reads it again once it has the feed's lock.</param>
    /// <param name="runOptions">What may differ from run to run.</param>
    /// <param name="progress">Receives the progress; or null.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task<RunResult> RunAsync(
        IRunAccess access, RunOptions runOptions, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        ThrowIfDisabled(access.Feed, runOptions);
        using var held = await FeedRunLock.AcquireAsync(options.History, access.Feed.Id, access.Feed.Name, options.Time, cancellationToken);
        access = await environment.ReadAsync(cancellationToken);
        ThrowIfDisabled(access.Feed, runOptions);
        var state = _recorder.Create(access.Feed, runOptions, progress);
        var run = new FeedRun(state, access, environment, _recorder, options);
        await StartAsync(run, held, state, cancellationToken);
        ReadingRehearsal.Begin(access.Feed);
        RunStatus? status = null;
        Exception? error = null;
        using var stop = new StopRequest(options.History, state.Run.Id, options.Time, cancellationToken);
        try
        {
            await using (run)
                await run.RunAsync(stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException && stop.Token.IsCancellationRequested)
        {
            (status, error) = (RunStatus.Canceled, FeedRunErrors.Canceled(access.Feed, state.Run.Commits));
        }
        catch (Exception e)
        {
            (status, error) = (RunStatus.Failed, (e as FeedException)?.ForFeed(access.Feed.Name) ?? e);
        }
        return await _recorder.EndAsync(state, status ?? state.Outcome(), error);
    }

    // Connecting takes longer than writing these records, so both are done at the same time.
    private async Task StartAsync(FeedRun run, FeedRunLock held, RunState state, CancellationToken cancellationToken)
    {
        run.BeginOpening(cancellationToken);
        try
        {
            await options.History.MarkDeadRunsAsync(held, cancellationToken);
            await _recorder.StartAsync(state, cancellationToken);
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    private static void ThrowIfDisabled(S3Feed feed, RunOptions options)
    {
        if (!feed.Enabled && !options.Force)
            throw FeedRunErrors.Disabled(feed);
    }
}
