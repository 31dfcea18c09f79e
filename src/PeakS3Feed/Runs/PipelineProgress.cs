using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>
/// Shows the progress of runs as progress records: the latest state five times a second, and the end of each. Several feeds have a record of all of
/// them, with one for each active run below it. The verbose stream gets a line now and then (<see cref="ProgressLines"/>).
/// </summary>
internal sealed class PipelineProgress : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly FeedCmdlet _cmdlet;
    private readonly BatchProgress _batch;
    private readonly string? _activity;
    private readonly Lock _lock = new();
    private readonly HashSet<Run> _runs = [];
    private readonly Timer _timer;

    // Several independent cmdlets may show runs at the same time.
    private readonly int _id = Random.Shared.Next(1, int.MaxValue);

    /// <param name="cmdlet">The cmdlet that shows the progress.</param>
    /// <param name="feeds">The number of feeds.</param>
    public PipelineProgress(FeedCmdlet cmdlet, int feeds)
    {
        (_cmdlet, _batch) = (cmdlet, new BatchProgress(feeds));
        _activity = feeds > 1 ? $"Running {Quantities.Count(feeds, "feed")}" : null;
        _timer = new Timer(_ => Show(), null, TimeSpan.Zero, Interval);
    }

    /// <summary>Shows the run of a feed until the result is disposed.</summary>
    public IRunView Begin(string feed)
    {
        var run = new Run(this, feed);
        lock (_lock)
            _runs.Add(run);
        return run;
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        if (_activity is not null)
            Complete(_id, _activity);
    }

    private void Show()
    {
        lock (_lock)
        {
            if (_activity is not null && _batch.State is var state)
                Write(new ProgressRecord(_id, _activity, ProgressText.Format(state))
                {
                    PercentComplete = (int)(state.Share * 100),
                    SecondsRemaining = Seconds(state.TimeLeft),
                });
            foreach (var run in _runs)
                run.Show();
        }
    }

    private void Complete(int id, string activity) => Write(new ProgressRecord(id, activity, "done") { RecordType = ProgressRecordType.Completed });

    private void Write(ProgressRecord record) => _cmdlet.PostToPipeline(() => _cmdlet.WriteProgress(record));

    private static int Seconds(TimeSpan? timeLeft) => timeLeft is { } left ? (int)Math.Min(left.TotalSeconds, int.MaxValue) : -1;

    private sealed class Run(PipelineProgress all, string feed) : IRunView
    {
        private readonly string _activity = $"Running feed {feed}";
        private readonly int _id = Random.Shared.Next(1, int.MaxValue);
        private readonly IRunView _share = all._batch.Begin();
        private readonly ProgressLines _lines = new(
            feed, line => all._cmdlet.PostToPipeline(() => all._cmdlet.WriteVerbose(line)), TimeProvider.System, announces: true);

        private RunProgress? _latest;

        public void Report(RunProgress value)
        {
            Volatile.Write(ref _latest, value);
            _share.Report(value);
            _lines.Report(value);
        }

        public void Dispose()
        {
            _lines.Dispose();
            _share.Dispose();
            lock (all._lock)
            {
                all._runs.Remove(this);
                all.Complete(_id, _activity);
            }
        }

        public void Show()
        {
            if (Interlocked.Exchange(ref _latest, null) is not { } progress)
                return;
            var record = new ProgressRecord(_id, _activity, ProgressText.Format(progress))
            {
                PercentComplete = progress.Phase == RunPhase.Planning ? -1 : (int)(progress.Share * 100),
                SecondsRemaining = progress.Phase == RunPhase.Loading ? Seconds(progress.TimeLeft) : -1,
                CurrentOperation = progress.CurrentObject is { } current ? VisibleText.Escape(current) : null,
            };
            if (all._activity is not null)
                record.ParentActivityId = all._id;
            all.Write(record);
        }
    }
}
