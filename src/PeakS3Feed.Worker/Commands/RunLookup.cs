using PeakS3Feed.Runs;

namespace PeakS3Feed.Worker.Commands;

/// <summary>Finds a run by as much of its id as somebody typed.</summary>
internal static class RunLookup
{
    public static async Task<S3FeedRun> FindAsync(RunHistory history, string id, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(id, out var whole))
            return await history.FindAsync(whole, cancellationToken) ?? throw WorkerErrors.NoSuchRun(id, several: false);
        var found = await history.ListAsync(cancellationToken: cancellationToken)
            .Where(r => r.Id.ToString("D").StartsWith(id, StringComparison.OrdinalIgnoreCase)).Take(2).ToListAsync(cancellationToken);
        return found.Count == 1 ? found[0] : throw WorkerErrors.NoSuchRun(id, several: found.Count > 1);
    }
}
