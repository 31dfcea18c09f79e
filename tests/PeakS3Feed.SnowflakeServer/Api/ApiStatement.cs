using PeakS3Feed.SnowflakeServer.Sessions;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.SnowflakeServer.Api;

/// <summary>A statement and how it stands.</summary>
internal sealed class ApiStatement(StatementRequest request, DateTimeOffset created)
{
    /// <summary>The statement's handle.</summary>
    public string Handle { get; } = Guid.NewGuid().ToString();

    public StatementRequest Request { get; } = request;

    public DateTimeOffset Created { get; } = created;

    /// <summary>Its result; null while it runs, or if it failed.</summary>
    public SnowflakeResult? Result { get; private set; }

    /// <summary>Its error; null while it runs, or if it did not fail.</summary>
    public RefusalException? Error { get; private set; }

    /// <summary>Whether its time ran out.</summary>
    public bool TimedOut { get; private set; }

    /// <summary>Ends it at the caller's request.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>Is completed when it has ended.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool HasEnded => Ended.Task.IsCompleted;

    public void Succeed(SnowflakeResult result)
    {
        Result = result;
        Ended.TrySetResult();
    }

    public void Fail(RefusalException error, bool timedOut = false)
    {
        (Error, TimedOut) = (error, timedOut);
        Ended.TrySetResult();
    }
}
