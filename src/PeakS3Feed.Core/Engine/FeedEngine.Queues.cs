using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Engine;

/// <content>Queues that announce objects.</content>
public sealed partial class FeedEngine
{
    /// <summary>Opens a queue with the credentials of a connection. Makes no request.</summary>
    internal IQueueClient OpenQueue(string url, S3Connection connection)
        => _options.OpenQueue is { } open ? open(url, connection) : _access.OpenQueue(url, connection);

    /// <summary>Returns the states of the queues of triggers, by the id of the trigger. Reads the history only if a trigger has a queue.</summary>
    /// <param name="definitions">The definitions with the triggers.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="FeedException">The errors of <see cref="RunHistory"/>.</exception>
    public async Task<IReadOnlyDictionary<Guid, QueueState>> ListQueueStatesAsync(StoreDefinitions definitions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        var states = new Dictionary<Guid, QueueState>();
        var triggers = definitions.Triggers.Where(t => t is { Kind: TriggerKind.Queue, Queue: not null }).ToList();
        if (triggers.Count == 0)
            return states;
        var problems = await QueueProblems.ListAsync(cancellationToken);
        var received = await QueueMessages.ListAsync(cancellationToken);
        foreach (var trigger in triggers)
        {
            states[trigger.Id] = new(
                received.TryGetValue(trigger.Queue!.TrimEnd('/'), out var at) ? at : null,
                [.. problems.Where(p => QueueAddress.AreSame(p.Queue, trigger.Queue))]);
        }

        return states;
    }

    private FeedDiscovery NewDiscovery() => new(Arrivals, Listings, _options.Time);

    // The rows are committed. A failure here costs a run that finds nothing.
    private async Task EndAsync(FeedDiscovery discovery, S3FeedRun run)
    {
        try
        {
            await discovery.EndAsync(run);
        }
        catch (FeedException e)
        {
            _options.Loggers.CreateLogger("PeakS3Feed.Run").LogWarning("What the run has seen of the announced objects could not be recorded: {Reason}", e.Message);
        }
    }
}
