namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// A script that was sent, or is about to be, and may still take effect. One session at a time works on it; the others wait for
/// <see cref="Turn"/>.
/// </summary>
/// <param name="lockName">The name of the lock of the feed and table that it belongs to.</param>
/// <param name="request">The request with its token. It is sent again unchanged.</param>
internal sealed class PendingScript(string lockName, BatchExecuteStatementRequest request)
{
    private volatile bool _mayHaveRun;

    public string LockName { get; } = lockName;

    public BatchExecuteStatementRequest Request { get; } = request;

    /// <summary>Is held while a session sends the script or waits for its end.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>The id of the statements; null while no answer has named it.</summary>
    public string? Id { get; set; }

    /// <summary>Whether an attempt to send it ended without an answer: then it may run apart from <see cref="Id"/>, if the service forgets tokens.</summary>
    public bool MayHaveRun => _mayHaveRun;

    /// <summary>Whether it has ended, so that it can take no more effect.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Notes that an attempt to send it failed.</summary>
    public void Note(Exception failure)
    {
        if (!RedshiftFaults.IsCertainlyNotSubmitted(failure))
            _mayHaveRun = true;
    }
}

/// <summary>
/// The scripts of a process that may still take effect. They outlive the sessions that sent them, since a session that failed is replaced. Safe for
/// concurrent use.
/// </summary>
internal sealed class PendingScripts
{
    private readonly List<PendingScript> _scripts = [];
    private readonly Lock _lock = new();

    /// <summary>Adds a script that is about to be sent.</summary>
    public PendingScript Add(string lockName, BatchExecuteStatementRequest request)
    {
        var script = new PendingScript(lockName, request);
        lock (_lock)
            _scripts.Add(script);
        return script;
    }

    /// <summary>Removes a script that has ended or was never sent.</summary>
    public void Remove(PendingScript script)
    {
        script.HasEnded = true;
        lock (_lock)
            _scripts.Remove(script);
    }

    /// <summary>Returns the scripts of a feed and table, oldest first.</summary>
    public IReadOnlyList<PendingScript> Find(string lockName)
    {
        lock (_lock)
            return [.. _scripts.Where(s => s.LockName == lockName)];
    }
}
