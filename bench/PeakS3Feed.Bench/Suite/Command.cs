namespace PeakS3Feed.Bench.Suite;

/// <summary>A program to run.</summary>
internal sealed record Command(string File, params IReadOnlyList<string> Arguments)
{
    /// <summary>Variables besides those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The processors it may use (as taskset takes them), or null for all.</summary>
    public string? Processors { get; init; }
}
