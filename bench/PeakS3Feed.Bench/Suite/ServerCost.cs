namespace PeakS3Feed.Bench.Suite;

/// <summary>The cost of a run for PostgreSQL.</summary>
/// <param name="Cpu">Processor seconds of all its processes.</param>
/// <param name="PeakKiB">The maximum resident memory of a backend that started during the run, including the shared buffers that it used.</param>
internal sealed record ServerCost(double Cpu, long PeakKiB);
