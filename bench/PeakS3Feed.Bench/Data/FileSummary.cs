namespace PeakS3Feed.Bench.Data;

/// <summary>What is known of a file that was made whole.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="PackedBytes">The size of the packed one, or 0.</param>
/// <param name="Hash">The hash of its rows (<see cref="Checks.RowHash"/>).</param>
internal sealed record FileSummary(long Rows, long Bytes, long PackedBytes, string Hash);
