using PeakS3Feed.Errors;

namespace PeakS3Feed.Rows;

/// <summary>The rows of one part of a file, after typing.</summary>
/// <param name="Rows">The rows that can be loaded; may be empty. Its schema may have more columns than the previous batch.</param>
/// <param name="Rejects">The rows that cannot be loaded.</param>
/// <param name="RowsRead">The number of rows read: those that can be loaded and the rejects.</param>
/// <param name="EndOfFile">Whether the file has ended.</param>
public sealed record AssembledBatch(RowBatch Rows, IReadOnlyList<Reject> Rejects, long RowsRead, bool EndOfFile)
{
    /// <summary>The warnings about the file that no earlier batch has.</summary>
    public IReadOnlyList<FeedWarning> Warnings { get; init; } = [];

    /// <summary>For each column, whether the file has its field. Only at the end of a file with loadable rows; otherwise null.</summary>
    public IReadOnlyList<bool>? FileHas { get; init; }
}
