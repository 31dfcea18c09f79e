namespace PeakS3Feed.Feeds.Running;

/// <summary>Counts what a run does, and reports at most five times a second.</summary>
internal sealed class RunMeter(IProgress<RunProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly long _started = time.GetTimestamp();
    private long _lastReport;
    private long _loadingStarted;
    private long _bytes;
    private long _objects;
    private long _rows;
    private long _rejects;
    private long _filesMerged;
    private (long Bytes, long Objects, long Rows, long Rejects) _committed;

    public long ObjectsTotal { get; set; }

    public long BytesTotal { get; set; }

    public RunPhase Phase { get; private set; }

    public string? CurrentObject { get; set; }

    public void Enter(RunPhase phase)
    {
        if (phase == Phase && phase == RunPhase.Loading)
            return; // reading has begun already
        Phase = phase;
        if (phase == RunPhase.Loading && _loadingStarted == 0)
            _loadingStarted = time.GetTimestamp();
        Report(force: true);
    }

    /// <summary>Notes how many files of its table a destination has merged a load with; 0 once it is done.</summary>
    public void Merge(long files)
    {
        (Phase, _filesMerged) = (files > 0 ? RunPhase.Merging : RunPhase.Committing, files);
        Report(force: files <= 1);
    }

    public void Listed(long objects) => Report(listed: objects);

    public void AddBytes(long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        Report();
    }

    public void AddRows(long rows, long rejects)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _rejects, rejects);
        Report();
    }

    public void AddObject() => Interlocked.Increment(ref _objects);

    /// <summary>Keeps the counts of a load, because its commit succeeded.</summary>
    public void Keep() => _committed = (_bytes, _objects, _rows, _rejects);

    /// <summary>Drops the counts of a load, because it is restarted.</summary>
    public void Restore() => (_bytes, _objects, _rows, _rejects) = _committed;

    /// <summary>Drops what was counted since the last commit, because the run plans again.</summary>
    public void PlanAgain()
    {
        Restore();
        Enter(RunPhase.Planning);
    }

    private void Report(bool force = false, long listed = 0)
    {
        if (progress is null)
            return;
        var now = time.GetTimestamp();
        var last = Interlocked.Read(ref _lastReport);
        if (force)
            Interlocked.Exchange(ref _lastReport, now);
        else if ((last != 0 && time.GetElapsedTime(last, now) < Interval) || Interlocked.CompareExchange(ref _lastReport, now, last) != last)
            return;
        var since = _loadingStarted == 0 ? _started : _loadingStarted;
        progress.Report(new RunProgress(
            Phase, listed, Interlocked.Read(ref _objects), ObjectsTotal, Interlocked.Read(ref _bytes), BytesTotal,
            Interlocked.Read(ref _rows), Interlocked.Read(ref _rejects), time.GetElapsedTime(since, now), CurrentObject)
        {
            FilesMerged = _filesMerged,
        });
    }
}
