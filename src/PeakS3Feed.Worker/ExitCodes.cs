using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Worker;

/// <summary>The program's exit codes. docs/worker.md describes them.</summary>
internal static class ExitCodes
{
    /// <summary>
    /// The command succeeded, or there was nothing to do. Rejects within the feed's threshold are a success with a warning.
    /// </summary>
    public const int Success = 0;

    /// <summary>A run or check failed, a plan has an obstacle, or a service could not be reached.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a name or a definition is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The feed is already running, or a resource is in use.</summary>
    public const int Busy = 3;

    /// <summary>The command was stopped by Ctrl+C, SIGTERM or another process's request.</summary>
    public const int Canceled = 130;

    /// <summary>Returns the code of a run.</summary>
    public static int From(RunResult result) => result.Run.Status switch
    {
        RunStatus.Canceled => Canceled,
        RunStatus.Failed => result.FeedError is { Id: "FeedAlreadyRunning" or "DestinationBusy" or "RunHistoryBusy" } ? Busy : Failed,
        _ => Success,
    };

    /// <summary>Returns the code of an error.</summary>
    public static int From(Exception error) => error switch
    {
        OperationCanceledException => Canceled,
        FeedException { Id: "FeedAlreadyRunning" or "DestinationBusy" or "RunHistoryBusy" or "StoreBusy" or "ServeAddressInUse" } => Busy,
        FeedException { Category: FeedErrorCategory.InvalidArgument or FeedErrorCategory.ObjectNotFound or FeedErrorCategory.ResourceExists }
            => Usage,
        FeedException { Id: "FeedDisabled" } => Usage,
        _ => Failed,
    };

    /// <summary>Returns the code of several runs: the worst of their codes.</summary>
    public static int Worst(int left, int right) => Rank(left) >= Rank(right) ? left : right;

    private static int Rank(int code) => code switch { Success => 0, Busy => 1, Usage => 2, Failed => 3, _ => 4 };
}
