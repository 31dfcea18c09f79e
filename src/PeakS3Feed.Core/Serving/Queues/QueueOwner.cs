using System.Globalization;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Serving.Queues;

/// <summary>
/// Warns if two stores read one queue: SQS gives each message to one of them, so each store would miss events. A tag of the queue has the id of the
/// store that reads it and the time; it is renewed every hour, and a tag of another store counts for a day. Where the policy does not allow tags, this
/// check is left out.
/// </summary>
internal sealed class QueueOwner(string url, FeedEngine engine, ILogger logger)
{
    private const string TagKey = "peaks3feed-store";

    private static readonly TimeSpan Renewal = TimeSpan.FromHours(1);
    private static readonly TimeSpan ValidFor = TimeSpan.FromDays(1);

    private DateTimeOffset? _checkedAt;

    /// <summary>Checks the tag, at most once an hour.</summary>
    public async Task CheckAsync(IQueueClient client, CancellationToken cancellationToken)
    {
        var now = engine.Options.Time.GetUtcNow();
        if (now - _checkedAt < Renewal && now >= _checkedAt)
            return;
        _checkedAt = now;
        try
        {
            var own = await engine.QueueProblems.GetStoreIdAsync(cancellationToken);
            var (id, at) = Parse(await client.GetTagAsync(TagKey, cancellationToken));
            if (id is { } other && other != own && now - at < ValidFor)
            {
                await ReportAsync(other, cancellationToken);
                return;
            }
            await engine.QueueProblems.SolvedAsync(url, QueueProblemKind.OtherStore, cancellationToken);
            if (id != own || now - at >= Renewal)
                await client.SetTagAsync(TagKey, string.Create(CultureInfo.InvariantCulture, $"{own} {now:yyyy-MM-dd'T'HH:mm:ss'Z'}"), cancellationToken);
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            // Tags are not allowed, or the server has none.
            logger.LogDebug("Whether another store reads the queue {Queue} is unknown: {Reason}", url, e.Message);
        }
    }

    private async Task ReportAsync(Guid other, CancellationToken cancellationToken)
    {
        var problem = new QueueProblem(
            url, QueueProblemKind.OtherStore, other.ToString(),
            $"Another store also reads the queue {QueueAddress.GetName(url).Name}. SQS gives each message to one of them, so each misses events.",
            $"Give each store a queue of its own, behind an SNS topic. If the other store no longer exists, remove the tag {TagKey} of the queue.")
        {
            Remedies = QueueTriggers.Replace(await engine.Store.ReadAsync(cancellationToken), url),
        };
        if (await engine.QueueProblems.ReportAsync(problem, cancellationToken))
            logger.LogWarning("{Problem} {Hint}", problem.Message, problem.Hint);
    }

    private static (Guid? Id, DateTimeOffset At) Parse(string? value)
        => value?.Split(' ') is [var id, var time] && Guid.TryParse(id, out var store) && DateTimeOffset.TryParse(
            time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? (store, at)
            : (null, default);
}
