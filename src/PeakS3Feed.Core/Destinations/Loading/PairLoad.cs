using Microsoft.Extensions.Logging;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>What became of a load in one destination.</summary>
/// <param name="Outcome">The committed load; null when there was nothing to commit, or it failed.</param>
/// <param name="Failure">Why it failed, or null.</param>
public sealed record LoadResult(LoadOutcome? Outcome, Exception? Failure);

/// <summary>
/// One load of a feed into several destinations from one reading. The rows are staged for all of them, then each engine takes its files in, then each
/// destination commits by itself, with its own retries: those first that can refuse rows only then. A destination that fails leaves the others alone;
/// it is behind until the next run.
/// </summary>
public static class PairLoad
{
    /// <summary>Does the load.</summary>
    /// <param name="protocols">The destinations to load, by their place in <see cref="ILoadWork.Shares"/>.</param>
    /// <param name="work">The load.</param>
    /// <param name="logger">Logs loads that begin again.</param>
    /// <param name="cancellationToken">Stops it, except for a commit that was sent.</param>
    /// <returns>A result for each of <paramref name="protocols"/>. An error of reading, which is nobody's alone, is thrown.</returns>
    public static async Task<IReadOnlyDictionary<int, LoadResult>> LoadAsync(
        IReadOnlyDictionary<int, CommitProtocol> protocols, ILoadWork work, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(protocols);
        ArgumentNullException.ThrowIfNull(work);
        var files = new StagedFiles(work, new LoadName(protocols.Values.First().RunId, work.Number), logger);
        List<Part> parts = [.. protocols.Select(p => new Part(p.Key, p.Value, p.Value.Join(work, p.Key, files)))];
        try
        {
            await StageAsync(files, logger, cancellationToken);
            // Rows that one engine refuses are removed from all stages, so that an engine which had them must take its files in again.
            while (parts.Find(p => p is { Failure: null, Commit.IsCopied: false }) is { } next)
                await TryAsync(files, next, async () => await next.Protocol.CopyAsync(next.Commit, cancellationToken));
            foreach (var part in parts.OrderBy(p => p.Commit.RefusesInCommit ? 0 : 1).Where(p => p.Failure is null))
                await TryAsync(files, part, async () => part.Outcome = await part.Protocol.CommitAsync(part.Commit, cancellationToken));
        }
        finally
        {
            await files.CloseAsync();
        }
        return parts.ToDictionary(p => p.Index, p => new LoadResult(p.Outcome, p.Failure));
    }

    private static async Task StageAsync(StagedFiles files, ILogger logger, CancellationToken cancellationToken)
    {
        for (var isStaged = false; !isStaged;)
        {
            try
            {
                await files.StageAsync(cancellationToken);
                isStaged = true;
            }
            catch (LoadRestartException e)
            {
                logger.LogInformation("{Reason}", e.Message);
            }
            catch (StagesFailedException)
            {
                isStaged = true;
            }
        }
    }

    private static async Task TryAsync(StagedFiles files, Part part, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is not OperationCanceledException && !ReferenceEquals(e, files.WorkFailure))
        {
            part.Commit.Failure ??= e;
        }
    }

    private sealed class Part(int index, CommitProtocol protocol, PairedCommit commit)
    {
        public int Index => index;

        public CommitProtocol Protocol => protocol;

        public PairedCommit Commit => commit;

        public LoadOutcome? Outcome { get; set; }

        public Exception? Failure => commit.Failure;
    }
}
