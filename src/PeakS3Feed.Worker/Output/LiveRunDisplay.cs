using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Wording;
using Spectre.Console;

namespace PeakS3Feed.Worker.Output;

/// <summary>Shows progress on a terminal: a bar, removed when the run has ended.</summary>
internal sealed class LiveRunDisplay(Screen screen) : IRunDisplay
{
    private const int BarWidth = 12;

    public Task<RunResult> ShowAsync(string feed, Func<IProgress<RunProgress>, Task<RunResult>> run)
        => screen.Console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn { Width = BarWidth }, new RunTextColumn())
            .StartAsync(context => run(new Bar(context.AddTask(feed, maxValue: 1), feed)));

    private sealed class Bar(ProgressTask task, string feed) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            task.IsIndeterminate = value.Phase == RunPhase.Planning;
            // A finished task would no longer be drawn during the commit.
            task.Value = Math.Min(value.Share, 0.999);
            task.Description = $"{feed}: {ProgressText.Format(value)}";
        }
    }
}
