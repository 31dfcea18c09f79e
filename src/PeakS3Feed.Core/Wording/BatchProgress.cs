using PeakS3Feed.Feeds.Running;

namespace PeakS3Feed.Wording;

/// <summary>The progress of several feeds. Safe for concurrent use.</summary>
/// <param name="feeds">The number of feeds.</param>
public sealed class BatchProgress(int feeds)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Part> _running = [];
    private int _ended;
    private long _endedRows;

    /// <summary>The state by now.</summary>
    public BatchState State
    {
        get
        {
            lock (_lock)
            {
                IReadOnlyList<RunProgress?> running = [.. _running.Select(p => p.Latest)];
                var canEstimate = _ended + running.Count >= feeds && running.Count > 0
                    && running.All(r => r is { Phase: RunPhase.Loading, TimeLeft: not null });
                return new BatchState(
                    feeds, _ended, running.Count, _endedRows + running.Sum(r => r?.Rows ?? 0),
                    running.Sum(r => r?.Phase == RunPhase.Loading ? r.BytesPerSecond : 0),
                    canEstimate ? running.Max(r => r!.TimeLeft) : null,
                    feeds > 0 ? (_ended + running.Sum(r => r?.Share ?? 0)) / feeds : 0);
            }
        }
    }

    /// <summary>Begins a run. To dispose of the result ends it.</summary>
    public IRunView Begin()
    {
        var part = new Part(this);
        lock (_lock)
            _running.Add(part);
        return part;
    }

    private sealed class Part(BatchProgress batch) : IRunView
    {
        public RunProgress? Latest { get; private set; }

        public void Report(RunProgress value)
        {
            lock (batch._lock)
                Latest = value;
        }

        public void Dispose()
        {
            lock (batch._lock)
            {
                if (!batch._running.Remove(this))
                    return;
                batch._ended++;
                batch._endedRows += Latest?.Rows ?? 0;
            }
        }
    }
}

/// <summary>How far several feeds have come.</summary>
/// <param name="Feeds">The number of feeds.</param>
/// <param name="Ended">Feeds whose runs have ended.</param>
/// <param name="Running">Feeds whose runs are active.</param>
/// <param name="Rows">Rows written, committed or not yet.</param>
/// <param name="BytesPerSecond">Bytes a second of the runs that load; 0 while it is unknown.</param>
/// <param name="TimeLeft">The time left, once every feed has ended or can be estimated; otherwise null.</param>
/// <param name="Share">The share of the work that is done, where each feed counts the same: 0 to 1.</param>
public sealed record BatchState(int Feeds, int Ended, int Running, long Rows, double BytesPerSecond, TimeSpan? TimeLeft, double Share);
