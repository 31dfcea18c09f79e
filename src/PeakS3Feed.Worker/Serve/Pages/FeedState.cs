using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>A feed as the first page shows it.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Runs">Its last runs, the newest first.</param>
/// <param name="Triggers">Its triggers, each with the next time it fires, if it does.</param>
internal sealed record FeedState(S3Feed Feed, IReadOnlyList<S3FeedRun> Runs, IReadOnlyList<(S3FeedTrigger Trigger, DateTimeOffset? Next)> Triggers)
{
    /// <summary>How many runs are shown.</summary>
    public const int ShownRuns = 30;
}
