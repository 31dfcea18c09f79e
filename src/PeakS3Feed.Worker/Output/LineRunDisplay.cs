using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Output;

/// <summary>Shows progress without a terminal: a line when loading begins, then at most one every few seconds.</summary>
internal sealed class LineRunDisplay(Screen screen, TimeProvider time) : IRunDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public Task<RunResult> ShowAsync(string feed, Func<IProgress<RunProgress>, Task<RunResult>> run) => run(new Lines(screen, time, feed));

    private sealed class Lines(Screen screen, TimeProvider time, string feed) : IProgress<RunProgress>
    {
        private readonly Lock _lock = new();
        private long _last = time.GetTimestamp();
        private bool _loads;

        public void Report(RunProgress value)
        {
            lock (_lock)
            {
                var begins = !_loads && value.Phase == RunPhase.Loading;
                if (!begins && time.GetElapsedTime(_last) < Interval)
                    return;
                _loads |= begins;
                _last = time.GetTimestamp();
                screen.Line($"{feed}: {ProgressText.Format(value)}");
            }
        }
    }
}
