namespace PeakS3Feed.Bench.Suite;

/// <summary>A program to run.</summary>
internal sealed record Command(string File, params IReadOnlyList<string> Arguments)
{
    /// <summary>Environment variables in addition to those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The processors that it may use (in the form of taskset), or null for all.</summary>
    public string? Processors { get; init; }
}
