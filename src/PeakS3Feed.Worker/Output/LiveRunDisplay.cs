using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Wording;
using Spectre.Console;

namespace PeakS3Feed.Worker.Output;

/// <summary>
/// Shows progress on a terminal: a bar for each active run, and one for all if there are several feeds. The bars are removed when the runs have
/// ended.
/// </summary>
internal sealed class LiveRunDisplay(Screen screen) : IRunDisplay
{
    private const int BarWidth = 12;

    // A finished bar would no longer be drawn during the commit.
    private const double AlmostAll = 0.999;

    public Task ShowAsync(int feeds, Func<Func<string, IRunView>, Task> action)
        => screen.Console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new ProgressBarColumn { Width = BarWidth }, new RunTextColumn())
            .StartAsync(context =>
            {
                var all = new AllBar(feeds > 1 ? context.AddTask("feeds", maxValue: 1) : null, feeds);
                return action(feed => new Bar(context.AddTask(feed, maxValue: 1), feed, all));
            });

    private sealed class AllBar
    {
        private readonly ProgressTask? _task;

        public AllBar(ProgressTask? task, int feeds)
        {
            (_task, Batch) = (task, new BatchProgress(feeds));
            Show();
        }

        public BatchProgress Batch { get; }

        public void Show()
        {
            if (_task is null)
                return;
            var state = Batch.State;
            _task.Value = Math.Min(state.Share, AlmostAll);
            _task.Description = ProgressText.Format(state);
        }
    }

    private sealed class Bar(ProgressTask task, string feed, AllBar all) : IRunView
    {
        private readonly IRunView _share = all.Batch.Begin();

        public void Report(RunProgress value)
        {
            task.IsIndeterminate = value.Phase == RunPhase.Planning;
            task.Value = Math.Min(value.Share, AlmostAll);
            task.Description = $"{feed}: {ProgressText.Format(value)}";
            _share.Report(value);
            all.Show();
        }

        public void Dispose()
        {
            task.StopTask();
            _share.Dispose();
            all.Show();
        }
    }
}
