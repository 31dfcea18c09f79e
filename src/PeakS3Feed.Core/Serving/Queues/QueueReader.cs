using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Serving.Events;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers.Arrivals;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Serving.Queues;

/// <summary>
/// Reads the messages of one queue for all triggers that have it: records the announced objects, flushes them to disk, and only then deletes the
/// messages. A message that is not an event of S3 stays in the queue, for its redrive policy. Not safe for concurrent use.
/// </summary>
internal sealed class QueueReader(string url, FeedEngine engine, ILogger logger) : IDisposable
{
    private readonly QueueOwner _owner = new(url, engine, logger);
    private (S3Connection Connection, IQueueClient Client)? _open;
    private int _failures;
    private bool _isReadable;

    /// <summary>Reads up to 10 messages.</summary>
    /// <param name="wait">How long to wait for a message, up to 20 seconds.</param>
    /// <param name="cancellationToken">Cancels. Messages that were received and not deleted appear again.</param>
    /// <returns>The number of messages that were received and deleted.</returns>
    /// <exception cref="FeedException">
    /// <c>QueueDenied</c>, <c>QueueNotFound</c>, <c>QueueUnreachable</c>, <c>QueueFailed</c>; the errors of credentials and of the store.
    /// </exception>
    public async Task<QueueReading> ReadAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var definitions = await engine.Store.ReadAsync(cancellationToken);
        var connections = QueueTriggers.FindConnections(definitions, url);
        if (connections.Count == 0)
            return new(0, 0); // the last trigger was disabled
        var (connection, trigger) = connections[_failures % connections.Count];
        try
        {
            var client = Open(connection);
            var messages = await client.ReceiveAsync(wait, cancellationToken);
            var readable = await RecordAsync(messages, cancellationToken);
            await client.DeleteAsync(readable, cancellationToken);
            await _owner.CheckAsync(client, cancellationToken);
            if (!_isReadable)
                await engine.QueueProblems.SolvedAsync(url, QueueProblemKind.Queue, cancellationToken);
            _isReadable = true;
            return new(messages.Count, readable.Count);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Close();
            (_failures, _isReadable) = (_failures + 1, false);
            throw QueueErrors.Failed(url, connection, trigger, definitions, e);
        }
    }

    /// <summary>Reads up to 10 messages. Records a failure, and logs it if it is new.</summary>
    /// <returns>What was read; null if reading failed.</returns>
    public async Task<QueueReading?> TryReadAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(wait, cancellationToken);
        }
        catch (FeedException e) when (!cancellationToken.IsCancellationRequested)
        {
            var problem = new QueueProblem(url, QueueProblemKind.Queue, "", e.Message, e.Hint) { Remedies = e.Remedies };
            if (await engine.QueueProblems.ReportAsync(problem, cancellationToken))
                logger.LogError("The queue {Queue} cannot be read: {Reason} {Hint}", url, e.Message, e.Hint);
            return null;
        }
    }

    public void Dispose() => Close();

    // Returns the messages that may be deleted now.
    private async Task<IReadOnlyList<ReceivedMessage>> RecordAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0)
            return [];
        // Read after the messages were received: a trigger that exists by now gets its rows.
        var definitions = await engine.Store.ReadAsync(cancellationToken);
        List<Arrival> arrivals = [];
        List<ReceivedMessage> readable = [];
        foreach (var message in messages)
        {
            if (QueueMessage.TryRead(message.Body) is not { } events)
            {
                await ReportAsync(message, cancellationToken);
                continue;
            }
            readable.Add(message);
            arrivals.AddRange(events.SelectMany(e => FindArrivals(definitions, e)));
        }
        await engine.Arrivals.RecordAsync(arrivals, cancellationToken);
        if (readable.Count > 0)
            await engine.QueueMessages.RecordAsync(url, cancellationToken);
        return readable;
    }

    private IEnumerable<Arrival> FindArrivals(StoreDefinitions definitions, ObjectEvent e) => QueueTriggers.Find(definitions, url)
        .Where(t => S3EventFilter.GetIgnoreReason(definitions, t, e) is null)
        .Select(t => new Arrival(t.Id, e.Bucket, e.Key, e.Sequencer));

    private async Task ReportAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        var problem = new QueueProblem(
            url, QueueProblemKind.Message, message.Id,
            $"The message {message.Id} of the queue {QueueAddress.GetName(url).Name} is not an event of S3. It stays in the queue.",
            "Read and delete it in the SQS console, or give the queue a redrive policy, which moves it to a dead-letter queue. Find out who sends such "
                + "messages.");
        if (await engine.QueueProblems.ReportAsync(problem, cancellationToken))
            logger.LogWarning("{Problem} {Hint}", problem.Message, problem.Hint);
    }

    private IQueueClient Open(S3Connection connection)
    {
        if (_open is { } open && open.Connection == connection)
            return open.Client;
        Close();
        var client = engine.OpenQueue(url, connection);
        _open = (connection, client);
        return client;
    }

    private void Close()
    {
        _open?.Client.Dispose();
        _open = null;
    }
}

/// <summary>What one request to a queue returned.</summary>
/// <param name="Received">The number of messages.</param>
/// <param name="Deleted">The number of those that were recorded and deleted.</param>
internal sealed record QueueReading(int Received, int Deleted);
