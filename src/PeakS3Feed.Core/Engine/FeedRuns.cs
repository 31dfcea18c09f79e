using System.Runtime.CompilerServices;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <summary>
/// Finds runs the way people name them. Before anything is looked for, runs that are under way by the record although their process has
/// ended are written down as failed.
/// </summary>
public sealed class FeedRuns
{
    private readonly DefinitionStore _store;
    private readonly RunHistory _history;

    internal FeedRuns(DefinitionStore store, RunHistory history) => (_store, _history) = (store, history);

    /// <summary>The run of an id.</summary>
    /// <param name="id">The id, or so much of its beginning that no other run's id begins so; case does not count.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException"><c>RunNotFound</c>: there is none, or there are several.</exception>
    public async Task<S3FeedRun> FindAsync(string id, CancellationToken cancellationToken)
    {
        await _history.MarkDeadRunsAsync(cancellationToken: cancellationToken);
        if (Guid.TryParse(id, out var whole))
            return await _history.FindAsync(whole, cancellationToken) ?? throw RunErrors.NoSuchRun(id, several: false);
        var found = await _history.ListAsync(cancellationToken: cancellationToken)
            .Where(r => r.Id.ToString("D").StartsWith(id, StringComparison.OrdinalIgnoreCase)).Take(2).ToListAsync(cancellationToken);
        return found.Count == 1 ? found[0] : throw RunErrors.NoSuchRun(id, several: found.Count > 1);
    }

    /// <summary>The runs of one feed, the newest first.</summary>
    /// <param name="feedName">The feed's name; also that of a feed that is gone, if it had runs.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException"><c>FeedNotFound</c>.</exception>
    public async IAsyncEnumerable<S3FeedRun> ListAsync(
        string feedName, RunFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _history.MarkDeadRunsAsync(cancellationToken: cancellationToken);
        filter = await FilterByFeedAsync(feedName, filter, cancellationToken);
        await foreach (var run in _history.ListAsync(filter, cancellationToken))
            yield return run;
    }

    /// <summary>The runs of all feeds whose name fits, the newest first. A feed that is gone has the name it had then.</summary>
    /// <param name="fits">Whether a feed's name fits; null for all.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<S3FeedRun> ListAsync(
        Predicate<string>? fits, RunFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _history.MarkDeadRunsAsync(cancellationToken: cancellationToken);
        var names = (await _store.ReadAsync(cancellationToken)).Feeds.ToDictionary(f => f.Id, f => f.Name);
        var runs = _history.ListAsync(fits is null ? filter : filter with { Last = null }, cancellationToken)
            .Where(r => fits?.Invoke(names.GetValueOrDefault(r.FeedId, r.FeedName)) != false)
            .Take(filter.Last ?? int.MaxValue);
        await foreach (var run in runs.WithCancellation(cancellationToken))
            yield return run;
    }

    /// <summary>A filter for the runs of one feed.</summary>
    /// <exception cref="Errors.FeedException"><c>FeedNotFound</c>.</exception>
    public async Task<RunFilter> FilterByFeedAsync(string feedName, RunFilter filter, CancellationToken cancellationToken)
    {
        var definitions = await _store.ReadAsync(cancellationToken);
        if (definitions.FindFeed(feedName) is { } feed)
            return filter with { FeedId = feed.Id };
        return await _history.ListAsync(new RunFilter { FeedName = feedName, Last = 1 }, cancellationToken).AnyAsync(cancellationToken)
            ? filter with { FeedName = feedName }
            : throw RunErrors.NoRunsOf(feedName, definitions.Feeds.Select(f => f.Name));
    }
}
