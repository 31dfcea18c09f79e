namespace PeakS3Feed.Bench.Suite;

/// <summary>A row cannot be measured, or its contestants have different results.</summary>
internal sealed class BenchException(string message) : Exception(message);
