using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

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

    public static FeedException HistoryUnusable(string path, SqliteFailure trouble, Exception inner) => new(
        "RunHistoryUnusable", FeedErrorCategory.ResourceUnavailable, $"The run history {path} cannot be used: {SqliteFailures.Words(trouble, inner)}.", inner)
    {
        Target = path,
        Hint = trouble switch
        {
            SqliteFailure.Damaged => "Stop the worker and whatever else uses the store, then move the file away, with the -wal and -shm files beside it: "
                + "a new one is made, and no loaded data depends on it.",
            SqliteFailure.ReadOnly or SqliteFailure.CannotOpen =>
                "Let the user that runs feeds write the file and its folder, or give another store (-StorePath, --store, PEAKS3FEED_HOME).",
            SqliteFailure.Memory => "Free memory, then try again.",
            _ => "Check the disk and the file system of the folder; SQLite needs one that knows file locks. No loaded data depends on this file.",
        },
    };

    public static FeedException HistoryBusy(string path, int seconds, Exception inner) => new(
        "RunHistoryBusy", FeedErrorCategory.ResourceBusy, $"Another program has held the run history {path} for {seconds} seconds.", inner)
    {
        Target = path,
        Hint = "Close the program that holds it, such as a database browser with a transaction that is open or a backup, then try again.",
    };

    public static FeedException HistoryFull(string path, Exception inner) => new(
        "RunHistoryFull", FeedErrorCategory.ResourceUnavailable, $"The disk of the run history {path} is full.", inner)
    {
        Target = path,
        Hint = "Free space on that disk, then try again. Loaded data stays as it is: it does not depend on this file.",
    };

    public static FeedException HistoryMoved(string path, Exception? inner) => new(
        "RunHistoryMoved", FeedErrorCategory.ResourceUnavailable, $"The run history {path} was moved or deleted while this process used it.", inner)
    {
        Target = path,
        Hint = "Stop the worker and whatever else uses the store. Put the file back, with the -wal and -shm files that stood beside it, or leave it away; "
            + "then start the worker again, which makes a new one where there is none.",
    };

    public static FeedException LockUnusable(string path, Exception inner) => new(
        "FeedLockUnusable",
        FeedErrorCategory.PermissionDenied,
        $"The lock file {path} cannot be opened: {SqliteFailures.Words(SqliteFailures.Classify(inner, path), inner)}.",
        inner)
    {
        Target = path,
        Hint = "Let the user that runs feeds write the folder, and check its free space, or give another store (-StorePath, --store, PEAKS3FEED_HOME).",
    };

    public static FeedException RunNotFound(Guid id) => new("RunNotFound", FeedErrorCategory.ObjectNotFound, $"There is no run {id} in the history.")
    {
        Target = id.ToString(),
        Hint = "Runs are kept for 90 days, those of a day that had nothing to do as one.",
        Remedies = [new("Get-S3FeedRun -Last 10", "peaks3feed runs")],
    };

    public static FeedException NoSuchRun(string id, bool several) => new(
        "RunNotFound", FeedErrorCategory.ObjectNotFound,
        several ? $"Several runs have an id that begins with {id}." : $"There is no run whose id is or begins with {id}.")
    {
        Target = id,
        Hint = several ? "Give more of the id." : "Runs are kept for 90 days, those of a day that had nothing to do as one.",
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
