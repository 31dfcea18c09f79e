namespace PeakS3Feed.Bench.Suite;

/// <summary>What a run cost PostgreSQL.</summary>
/// <param name="Cpu">Processor seconds of all its processes.</param>
/// <param name="PeakKiB">The most memory that one backend which began during the run had resident, shared buffers that it touched included.</param>
internal sealed record ServerCost(double Cpu, long PeakKiB);
