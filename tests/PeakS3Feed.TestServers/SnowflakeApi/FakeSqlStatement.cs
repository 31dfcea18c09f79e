using System.Text.Json.Nodes;

namespace PeakS3Feed.TestServers.SnowflakeApi;

/// <summary>A statement that the fake SQL API runs.</summary>
public sealed class FakeSqlStatement
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The id.</summary>
    public string Handle { get; } = Guid.NewGuid().ToString();

    /// <summary>The columns of its result.</summary>
    public IReadOnlyList<string> Columns { get; init; } = ["status"];

    /// <summary>The rows of its result.</summary>
    public IReadOnlyList<IReadOnlyList<string?>> Rows { get; init; } = [];

    /// <summary>The statistics, or null.</summary>
    public JsonObject? Stats { get; init; }

    /// <summary>Why it fails: status 422 or 408, code, SQLSTATE, message; or null.</summary>
    public (int Status, string Code, string State, string Message)? Failure { get; set; }

    /// <summary>Whether a failure names the statement.</summary>
    public bool NamesHandle { get; init; } = true;

    /// <summary>
    /// How many answers, that to the submission included, see it running before it ends; null for it to run until <see cref="End"/>.
    /// </summary>
    public int? EndsAfter { get; init; } = 0;

    /// <summary>How many answers saw it running.</summary>
    internal int Seen { get; set; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _end.Task.IsCompleted;

    /// <summary>Ends it.</summary>
    public void End() => _end.TrySetResult();

    /// <summary>Ends it as Snowflake does when it is cancelled.</summary>
    public void Cancel()
    {
        Failure = (422, "000604", "57014", "SQL execution canceled");
        End();
    }
}
