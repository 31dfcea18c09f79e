using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>How a run ended.</summary>
/// <param name="Run">The run.</param>
/// <param name="Error">Why it failed or was stopped, or null.</param>
/// <param name="FailedFiles">The first files that -OnBadFile Skip skipped, at most 100. Each file is also a warning of the run,
/// <c>FileSkipped</c>.</param>
public sealed record RunResult(S3FeedRun Run, Exception? Error, IReadOnlyList<SkippedObject> FailedFiles)
{
    internal const int MostFailedFiles = 100;

    /// <summary>How many files -OnBadFile Skip skipped.</summary>
    public long FailedFileCount { get; init; } = FailedFiles.Count;

    /// <summary>Whether a watcher may have to be notified: see <c>WatcherService.AfterRunAsync</c>.</summary>
    public bool IsWatched { get; init; }

    /// <summary>The error as a <see cref="FeedException"/>, or null.</summary>
    public FeedException? FeedError => Error as FeedException;
}
