namespace PeakS3Feed.Bench.Report;

/// <summary>Where it ran: what the machine is, the versions of all programs, and the settings of the server that matter.</summary>
internal sealed record Surroundings(
    IReadOnlyDictionary<string, string> Machine, IReadOnlyDictionary<string, string> Versions, IReadOnlyDictionary<string, string> Settings);
