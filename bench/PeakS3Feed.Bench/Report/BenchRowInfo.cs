namespace PeakS3Feed.Bench.Report;

/// <summary>A row of the table: what is measured, and what is asked of it.</summary>
/// <param name="Id">Its name for --only, and in the results.</param>
/// <param name="Work">What is done.</param>
/// <param name="AtLeast">The ratio asked for: the peer's wall time divided by ours.</param>
/// <param name="ReachFor">The ratio hoped for.</param>
internal sealed record BenchRowInfo(string Id, string Work, double AtLeast, double ReachFor);
