namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>
/// A script that was sent to a service, or is about to be, and may still take effect. One session at a time works on it; the others wait for
/// <see cref="Turn"/>.
/// </summary>
/// <param name="lockName">The name of the lock of the feed and table that it belongs to.</param>
/// <param name="script">The statements. They are sent again unchanged.</param>
internal sealed class PendingScript(string lockName, WarehouseScript script)
{
    private volatile bool _mayHaveRun;

    /// <summary>The name of the lock of the feed and table that it belongs to.</summary>
    public string LockName { get; } = lockName;

    /// <summary>The statements.</summary>
    public WarehouseScript Script { get; } = script;

    /// <summary>The token of all its requests: that of the script, or one that no other script has.</summary>
    public string Token { get; } = script.Token ?? Guid.NewGuid().ToString("N");

    /// <summary>Is held while a session sends the script or waits for its end.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>The id of the statements in the service; null while no answer has named it.</summary>
    public string? Id { get; set; }

    /// <summary>Whether a request with it has been sent, or tried.</summary>
    public bool WasSent { get; set; }

    /// <summary>
    /// Whether an attempt to send it ended without an answer: then it may run apart from <see cref="Id"/>, if the service forgets tokens.
    /// </summary>
    public bool MayHaveRun => _mayHaveRun;

    /// <summary>Whether it has ended, so that it can take no more effect.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Records that an attempt to send it ended without an answer.</summary>
    public void SetMayHaveRun() => _mayHaveRun = true;
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
    public PendingScript Add(string lockName, WarehouseScript script)
    {
        var pending = new PendingScript(lockName, script);
        lock (_lock)
            _scripts.Add(pending);
        return pending;
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
