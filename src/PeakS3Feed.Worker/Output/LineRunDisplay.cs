using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Output;

/// <summary>Shows progress without a terminal: lines of text.</summary>
internal sealed class LineRunDisplay(Screen screen, TimeProvider time) : IRunDisplay
{
    public Task ShowAsync(int feeds, Func<Func<string, IRunView>, Task> action)
        => action(feed => new ProgressLines(feed, line => screen.Line(line), time, announces: true));
}
