using PeakS3Feed.Runs;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>The style classes of run statuses.</summary>
internal static class RunStyles
{
    public static string Find(RunStatus status) => status switch
    {
        RunStatus.Succeeded => "good",
        RunStatus.NothingToDo => "idle",
        RunStatus.SucceededWithRejects or RunStatus.NothingMatched => "warn",
        RunStatus.Running => "busy",
        _ => "bad",
    };
}
