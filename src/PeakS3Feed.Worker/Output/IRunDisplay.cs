using PeakS3Feed.Feeds.Running;

namespace PeakS3Feed.Worker.Output;

/// <summary>Shows how far a run has come while it is under way.</summary>
internal interface IRunDisplay
{
    /// <summary>Runs a feed and shows its progress.</summary>
    Task<RunResult> ShowAsync(string feed, Func<IProgress<RunProgress>, Task<RunResult>> run);
}
