namespace PeakS3Feed.TestServers.RedshiftApi;

/// <summary>A statement or a batch that the fake Data API runs.</summary>
public sealed class FakeStatement
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The id.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>The state: ends with FINISHED, FAILED or ABORTED.</summary>
    public string Status { get; private set; } = "STARTED";

    /// <summary>The database's error, or null.</summary>
    public string? Error { get; init; }

    /// <summary>The rows of the result as JSON texts of fields, or null for a statement without a result.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Rows { get; init; }

    /// <summary>The statements of a batch: status, rows, error. Empty for a single statement.</summary>
    public IReadOnlyList<(string Status, long Rows, string? Error)> SubStatements { get; init; } = [];

    /// <summary>The state in which it ends by itself.</summary>
    public string EndsAs { get; init; } = "FINISHED";

    /// <summary>How many calls, submissions included, see it running before it ends; null for it to run until <see cref="End"/> or a cancellation.</summary>
    public int? EndsAfter { get; init; } = 0;

    /// <summary>How many calls saw it running.</summary>
    internal int Seen { get; set; }

    /// <summary>Is complete when it has ended.</summary>
    internal Task Ended => _end.Task;

    /// <summary>Ends it.</summary>
    public void End(string? status = null)
    {
        Status = status ?? EndsAs;
        _end.TrySetResult();
    }
}
