namespace PeakS3Feed.Bench.Suite;

/// <summary>A row that cannot be measured, or whose results are not the same on both sides.</summary>
internal sealed class BenchException(string message) : Exception(message);
