using PeakS3Feed.Feeds.Running;

namespace PeakS3Feed.Worker.Output;

/// <summary>Shows the progress of runs.</summary>
internal interface IRunDisplay
{
    /// <summary>Shows progress while an action runs.</summary>
    /// <param name="feeds">The number of feeds that the action runs.</param>
    /// <param name="action">Runs feeds. It gets a function that creates the view of the run of a feed, from any thread.</param>
    Task ShowAsync(int feeds, Func<Func<string, IRunView>, Task> action);
}
