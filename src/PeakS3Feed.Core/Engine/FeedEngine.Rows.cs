using System.Runtime.CompilerServices;
using PeakS3Feed.Aws;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Engine;

/// <content>Reads rows of the tables that feeds load into.</content>
public sealed partial class FeedEngine
{
    // A person at a prompt may look at the first rows for long. So many rows are read before the first one is returned, so that no query stays open.
    private const int RowsAhead = 1000;

    /// <summary>
    /// Finds rows of a feed's table, and reads them while the caller enumerates them. Changes nothing, and waits for no load.
    /// </summary>
    /// <param name="request">Which rows.</param>
    /// <param name="accessKey">Base credentials for this call alone, for a table on S3 that has the connection of the feed; or null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="FeedException">
    /// <c>FeedNotFound</c>, <c>FeedInvalid</c>, <c>RunNotFound</c>, <c>RunOfOtherFeed</c>, <c>DestinationNotOfFeed</c>. Enumerating the rows:
    /// <c>TableMissing</c>, <c>RowsNotTraceable</c>, <c>RowsUnreadable</c>; the errors of the destination.
    /// </exception>
    public async Task<FeedRows> FindRowsAsync(RowRequest request, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var (runId, run) = await FindRunAsync(request, cancellationToken);
        var resolved = request.FeedName is { } name
            ? await ResolveAsync(name, cancellationToken)
            : await ResolveAsync((await Store.ReadAsync(cancellationToken)).GetFeed(run!.FeedId, run.FeedName), cancellationToken);
        var (feed, connection, destinations) = resolved;
        if (run is not null && run.FeedId != feed.Id)
            throw EngineErrors.RunOfOtherFeed(feed.Name, run);
        var definition = request.DestinationName is not { } wanted ? destinations[0]
            : destinations.FirstOrDefault(d => string.Equals(d.Name, wanted, StringComparison.OrdinalIgnoreCase))
                ?? throw S3ExternalErrors.NotADestinationOf(feed.Name, wanted, destinations.Select(d => d.Name));
        var selection = new RowSelection(request.First)
        {
            RunId = runId, ObjectUri = request.Key is { } key ? ObjectUri.From(key, connection.BucketName) : null, Schema = feed.Schema,
        };
        var source = new ConnectionAccess(connection, accessKey);
        var rows = ReadRowsAsync(feed, definition, source, selection, cancellationToken).AheadAsync(RowsAhead, cancellationToken);
        return new(feed.Name, feed.TableName, definition.Name, rows) { Selection = selection, Run = run };
    }

    // A run that was cleared from the history still has its id in the table.
    private async Task<(Guid? Id, S3FeedRun? Run)> FindRunAsync(RowRequest request, CancellationToken cancellationToken)
    {
        if (request.Run is not { } text)
            return (null, null);
        if (request.FeedName is not null && Guid.TryParse(text, out var id))
            return (id, await History.FindAsync(id, cancellationToken));
        var run = await Runs.FindAsync(text, cancellationToken);
        return (run.Id, run);
    }

    private async IAsyncEnumerable<TableRow> ReadRowsAsync(
        S3Feed feed, S3FeedDestination definition, ConnectionAccess source, RowSelection selection,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var destination = await _access.OpenAsync(definition, source, cancellationToken);
        var target = new LoadTarget(feed.Id, feed.Name, feed.TableName);
        await using var session = await destination.OpenAsync(target, cancellationToken);
        await using var rows = session.ReadRowsAsync(selection, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await rows.MoveNextAsync())
                    yield break;
            }
            catch (Exception e) when (e is not (FeedException or OperationCanceledException))
            {
                throw session.Translate(e) is FeedException known
                    ? TableErrors.RowsUnreadable(target, destination.Location, e.Message, known.Category, known.ServiceCode, e)
                    : e;
            }
            yield return rows.Current;
        }
    }
}
