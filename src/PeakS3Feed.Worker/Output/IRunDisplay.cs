using PeakS3Feed.Feeds.Running;

namespace PeakS3Feed.Worker.Output;

/// <summary>Shows the progress of a run.</summary>
internal interface IRunDisplay
{
    /// <summary>Runs a feed and shows its progress.</summary>
    Task<RunResult> ShowAsync(string feed, Func<IProgress<RunProgress>, Task<RunResult>> run);
}
