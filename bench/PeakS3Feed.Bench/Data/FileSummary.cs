namespace PeakS3Feed.Bench.Data;

/// <summary>The summary of a complete file.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Bytes">The size.</param>
/// <param name="PackedBytes">The size of the compressed file, or 0.</param>
/// <param name="Hash">The hash of the rows (<see cref="Checks.RowHash"/>).</param>
internal sealed record FileSummary(long Rows, long Bytes, long PackedBytes, string Hash);
