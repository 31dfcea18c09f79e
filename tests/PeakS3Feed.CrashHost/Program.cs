// Runs one feed of a store as `peaks3feed run` does, and can be killed or stopped at a step of the commit protocol:
//   run FEED --store DIR [--kill-at Recorded:2] [--stop-at Writing:1]
// Prints the run as one line of JSON. Exit code 0 for success, 1 for a run that failed, 3 for one that was not let begin.
using System.Text.Json;
using PeakS3Feed.CrashHost;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.TestKinds;

string? feed = null, store = null;
ICommitObserver? observer = null;
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "run":
            feed = args[++i];
            break;
        case "--store":
            store = args[++i];
            break;
        case "--kill-at":
            observer = StepAction.Parse(args[++i], StepAction.Die);
            break;
        case "--stop-at":
            observer = StepAction.Parse(args[++i], StepAction.Stop);
            break;
        default:
            await Console.Error.WriteLineAsync($"{args[i]} is not understood.");
            return 2;
    }
}

if (feed is null || store is null)
{
    await Console.Error.WriteLineAsync("run FEED --store DIR [--kill-at STEP:N | --stop-at STEP:N]");
    return 2;
}

try
{
    var engine = new FeedEngine(StorePaths.Resolve(store), new FeedEngineOptions { Observer = observer, Kinds = OutsideKinds.Registered });
    var result = await engine.RunAsync(feed, new RunOptions(), accessKey: null, progress: null, CancellationToken.None);
    Print(new
    {
        runId = result.Run.Id,
        status = result.Run.Status.ToString(),
        commits = result.Run.Commits,
        objects = result.Run.ObjectsLoaded,
        rows = result.Run.RowsLoaded,
        errorId = result.Run.ErrorId,
        error = result.Error?.ToString(),
    });
    return result.Run.Status is RunStatus.Failed or RunStatus.Canceled ? 1 : 0;
}
catch (FeedException refused)
{
    Print(new { status = "Refused", errorId = refused.Id, error = refused.Message });
    return 3;
}

static void Print(object run) => Console.WriteLine(JsonSerializer.Serialize(run));
