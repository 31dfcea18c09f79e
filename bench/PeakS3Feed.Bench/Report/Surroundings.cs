namespace PeakS3Feed.Bench.Report;

/// <summary>The environment of a run: the machine, the versions of all programs, and the relevant settings of the server.</summary>
internal sealed record Surroundings(
    IReadOnlyDictionary<string, string> Machine, IReadOnlyDictionary<string, string> Versions, IReadOnlyDictionary<string, string> Settings);
