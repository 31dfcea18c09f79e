namespace PeakS3Feed.TestServers.S3;

/// <summary>Which requests go wrong. Each fault strikes the given number of requests that it fits, in the order of the script.</summary>
public sealed class FaultScript
{
    private readonly Lock _lock = new();
    private readonly List<Line> _lines = [];

    /// <summary>Adds a fault.</summary>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="operation">With which requests; null for any.</param>
    /// <param name="times">With how many of them.</param>
    /// <param name="when">A further condition, or null.</param>
    public void Enqueue(Fault fault, FakeOperation? operation = null, int times = 1, Func<FakeRequest, bool>? when = null)
    {
        lock (_lock)
            _lines.Add(new Line(fault, operation, when) { Left = times });
    }

    /// <summary>Forgets what has not struck yet.</summary>
    public void Clear()
    {
        lock (_lock)
            _lines.Clear();
    }

    internal Fault? Take(FakeRequest request)
    {
        lock (_lock)
        {
            var line = _lines.Find(l => (l.Operation is null || l.Operation == request.Operation) && l.When?.Invoke(request) != false);
            if (line is not null && --line.Left == 0)
                _lines.Remove(line);
            return line?.Fault;
        }
    }

    private sealed record Line(Fault Fault, FakeOperation? Operation, Func<FakeRequest, bool>? When)
    {
        public int Left { get; set; }
    }
}
