using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>Shows a run's progress as a progress record: the latest state five times a second, and the end.</summary>
internal sealed class PipelineProgress : IProgress<RunProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly FeedCmdlet _cmdlet;
    private readonly string _activity;

    // Several independent cmdlets may show runs at the same time.
    private readonly int _activityId = Random.Shared.Next(1, int.MaxValue);
    private readonly Timer _timer;
    private RunProgress? _latest;

    public PipelineProgress(FeedCmdlet cmdlet, string feed)
    {
        _cmdlet = cmdlet;
        _activity = $"Running feed {feed}";
        _timer = new Timer(_ => Show(), null, TimeSpan.Zero, Interval);
    }

    public void Report(RunProgress value) => Volatile.Write(ref _latest, value);

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        Write(new ProgressRecord(_activityId, _activity, "done") { RecordType = ProgressRecordType.Completed });
    }

    private void Show()
    {
        if (Interlocked.Exchange(ref _latest, null) is not { } progress)
            return;
        Write(new ProgressRecord(_activityId, _activity, ProgressText.Format(progress))
        {
            PercentComplete = progress.Phase == RunPhase.Planning ? -1 : (int)(progress.Share * 100),
            SecondsRemaining = progress is { Phase: RunPhase.Loading, TimeLeft: { } left } ? (int)Math.Min(left.TotalSeconds, int.MaxValue) : -1,
            CurrentOperation = progress.CurrentObject is { } current ? VisibleText.Escape(current) : null,
        });
    }

    private void Write(ProgressRecord record) => _cmdlet.PostToPipeline(() => _cmdlet.WriteProgress(record));
}
