using System.Globalization;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Runs;

/// <summary>The errors of runs and their history.</summary>
internal static class RunErrors
{
    /// <summary>The error id of a run whose process ended before it could write down how the run ended.</summary>
    public const string ProcessEnded = nameof(ProcessEnded);

    public static FeedException FeedAlreadyRunning(string feedName, S3FeedRun? holder) => new(
        "FeedAlreadyRunning", FeedErrorCategory.ResourceBusy, $"The feed {feedName} is being run already{Holder(holder)}.")
    {
        Target = feedName,
        Hint = "One run of a feed at a time: wait for it to end, or stop it.",
        Remedies = holder is null ? [] : [new($"Stop-S3FeedRun -Id {holder.Id}", $"peaks3feed stop {holder.Id}")],
    };

    public static FeedException HistoryTooNew(string path, long version) => new(
        "RunHistoryTooNew",
        FeedErrorCategory.InvalidOperation,
        $"The run history {path} has schema {version}, which this version of PeakS3Feed does not know.")
    {
        Target = path,
        Hint = "Update PeakS3Feed, or give another store (-StorePath, --store).",
    };

    public static FeedException HistoryUnusable(string path, string reason, Exception inner) => new(
        "RunHistoryUnusable", FeedErrorCategory.ResourceUnavailable, $"The run history {path} cannot be used: {reason}.", inner)
    {
        Target = path,
        Hint = "Check the folder's owner and free space. If the file is damaged, move it away: a new one is made, and no loaded data depends on it.",
    };

    public static FeedException LockUnusable(string path, Exception inner) => new(
        "FeedLockUnusable", FeedErrorCategory.PermissionDenied, $"The lock file {path} cannot be opened.", inner)
    {
        Target = path,
        Hint = "Check that the folder belongs to the user that runs the feed.",
    };

    public static FeedException RunNotFound(Guid id) => new("RunNotFound", FeedErrorCategory.ObjectNotFound, $"There is no run {id} in the history.")
    {
        Target = id.ToString(),
        Hint = "Runs are kept for 90 days.",
        Remedies = [new("Get-S3FeedRun -Last 10", "peaks3feed runs")],
    };

    public static FeedException NoSuchRun(string id, bool several) => new(
        "RunNotFound", FeedErrorCategory.ObjectNotFound,
        several ? $"Several runs have an id that begins with {id}." : $"There is no run whose id is or begins with {id}.")
    {
        Target = id,
        Hint = several ? "Give more of the id." : "Runs are kept for 90 days.",
        Remedies = [new("Get-S3FeedRun -Last 10", "peaks3feed runs")],
    };

    public static FeedException NoRunsOf(string feed) => new(
        "FeedNotFound", FeedErrorCategory.ObjectNotFound, $"There is no feed named {feed} in this store, and no run of one that had that name.")
    {
        Target = feed,
        Remedies = [new("Get-S3FeedRun -Last 10", "peaks3feed runs")],
    };

    private static string Holder(S3FeedRun? run) => run is null ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $": run {run.Id}, on {run.Host} by process {run.ProcessId}, since {run.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
}
