using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Worker;

/// <summary>What the program's exit codes mean; docs/worker.md says the same.</summary>
internal static class ExitCodes
{
    /// <summary>
    /// All that was asked is done, or there was nothing to do. Also with rejects within the feed's threshold, which a warning names.
    /// </summary>
    public const int Success = 0;

    /// <summary>A run failed, a plan has an obstacle, a check failed, or something needed could not be reached.</summary>
    public const int Failed = 1;

    /// <summary>The command line, the name of something or a definition is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Refused because the feed is running already, or what is needed is in use.</summary>
    public const int Busy = 3;

    /// <summary>Stopped by Ctrl+C, SIGTERM or another process's request.</summary>
    public const int Canceled = 130;

    /// <summary>The code of a run that began.</summary>
    public static int Of(RunResult result) => result.Run.Status switch
    {
        RunStatus.Canceled => Canceled,
        RunStatus.Failed => result.FeedError is { Id: "FeedAlreadyRunning" or "DestinationBusy" or "RunHistoryBusy" } ? Busy : Failed,
        _ => Success,
    };

    /// <summary>The code of something that was not done.</summary>
    public static int Of(Exception error) => error switch
    {
        OperationCanceledException => Canceled,
        FeedException { Id: "FeedAlreadyRunning" or "DestinationBusy" or "RunHistoryBusy" or "StoreBusy" or "ServeAddressInUse" } => Busy,
        FeedException { Category: FeedErrorCategory.InvalidArgument or FeedErrorCategory.ObjectNotFound or FeedErrorCategory.ResourceExists } => Usage,
        FeedException { Id: "FeedDisabled" } => Usage,
        _ => Failed,
    };

    /// <summary>The code of several things done one after the other: the worst of theirs.</summary>
    public static int Worst(int left, int right) => Rank(left) >= Rank(right) ? left : right;

    private static int Rank(int code) => code switch { Success => 0, Busy => 1, Usage => 2, Failed => 3, _ => 4 };
}
