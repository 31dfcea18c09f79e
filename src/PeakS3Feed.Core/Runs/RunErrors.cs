using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Runs;

/// <summary>The errors about runs and their history.</summary>
internal static class RunErrors
{
    /// <summary>The error id of a run whose process ended without recording a result.</summary>
    public const string ProcessEnded = nameof(ProcessEnded);

    public static FeedException FeedAlreadyRunning(string feedName, S3FeedRun? holder) => new(
        "FeedAlreadyRunning", FeedErrorCategory.ResourceBusy, $"The feed {feedName} is already running{Holder(holder)}.")
    {
        Target = feedName,
        Hint = "Only one run of a feed is allowed at a time. Wait for it to end, or stop it.",
        Remedies = holder is null ? [] : [Remedy.StopRun(holder.Id)],
    };

    public static FeedException HistoryTooNew(string path, long version) => new(
        "RunHistoryTooNew",
        FeedErrorCategory.InvalidOperation,
        $"The run history {path} has schema {version}, which this version of PeakS3Feed does not know.")
    {
        Target = path,
        Hint = "Update PeakS3Feed, or use another store (-StorePath, --store).",
    };

    public static FeedException HistoryUnusable(string path, SqliteFailure trouble, Exception inner) => new(
        "RunHistoryUnusable", FeedErrorCategory.ResourceUnavailable,
        $"The run history {path} cannot be used: {SqliteFailures.Describe(trouble, inner)}.", inner)
    {
        Target = path,
        Hint = trouble switch
        {
            SqliteFailure.Damaged => "Stop the worker and everything else that uses the store. "
                + "Then move the file away, with the -wal and -shm files beside it. "
                + "PeakS3Feed creates a new one. No loaded data depends on it.",
            SqliteFailure.ReadOnly or SqliteFailure.CannotOpen =>
                "Give the user that runs feeds write access to the file and its folder, or use another store (-StorePath, --store, PEAKS3FEED_HOME).",
            SqliteFailure.Memory => "Free memory, then try again.",
            _ => "Check the disk and the file system of the folder. SQLite needs a file system with file locks. No loaded data depends on this file.",
        },
    };

    public static FeedException HistoryBusy(string path, int seconds, Exception inner) => new(
        "RunHistoryBusy", FeedErrorCategory.ResourceBusy, $"Another program has locked the run history {path} for {seconds} seconds.", inner)
    {
        Target = path,
        Hint = "Close the program that locks it, such as a backup or a database browser with an open transaction. Then try again.",
    };

    public static FeedException HistoryFull(string path, Exception inner) => new(
        "RunHistoryFull", FeedErrorCategory.ResourceUnavailable, $"The disk of the run history {path} is full.", inner)
    {
        Target = path,
        Hint = "Free space on that disk, then try again. No loaded data depends on this file.",
    };

    public static FeedException HistoryMoved(string path, Exception? inner) => new(
        "RunHistoryMoved", FeedErrorCategory.ResourceUnavailable, $"The run history {path} was moved or deleted while this process used it.", inner)
    {
        Target = path,
        Hint = "Stop the worker and everything else that uses the store. Put the file back, with the -wal and -shm files that were beside it. "
            + "Then start the worker again. If the file does not exist, it creates a new one.",
    };

    public static FeedException LockUnusable(string path, Exception inner) => new(
        "FeedLockUnusable",
        FeedErrorCategory.PermissionDenied,
        $"The lock file {path} cannot be opened: {SqliteFailures.Describe(SqliteFailures.Classify(inner, path), inner)}.",
        inner)
    {
        Target = path,
        Hint = "Give the user that runs feeds write access to the folder, and check its free space. "
            + "Or use another store (-StorePath, --store, PEAKS3FEED_HOME).",
    };

    public static FeedException RunNotFound(Guid id) => new("RunNotFound", FeedErrorCategory.ObjectNotFound, $"The history has no run {id}.")
    {
        Target = id.ToString(),
        Hint = "The history keeps runs for 90 days. Runs of one day that had nothing to do become one entry.",
        Remedies = [Remedy.ShowRuns()],
    };

    public static FeedException NoSuchRun(string id, bool several) => new(
        "RunNotFound", FeedErrorCategory.ObjectNotFound,
        several ? $"Several runs have an id that begins with {id}." : $"The history has no run with an id that begins with {id}.")
    {
        Target = id,
        Hint = several
            ? "Give more digits of the id."
            : "The history keeps runs for 90 days. Runs of one day that had nothing to do become one entry.",
        Remedies = [Remedy.ShowRuns()],
    };

    public static FeedException NoRunsOf(string feed, IEnumerable<string> known) => new(
        "FeedNotFound", FeedErrorCategory.ObjectNotFound, $"The store has no feed named {feed}, and the history has no run of a feed with this name.")
    {
        Target = feed,
        Hint = KnownNames.Hint(feed, known, none: "The store has no feed yet."),
        Remedies = [Remedy.ShowRuns()],
    };

    private static string Holder(S3FeedRun? run) => run is null ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $": run {run.Id}, on {run.Host} by process {run.ProcessId}, since {run.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
}
