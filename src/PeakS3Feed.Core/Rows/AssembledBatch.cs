using PeakS3Feed.Errors;

namespace PeakS3Feed.Rows;

/// <summary>What was made of a stretch of a file.</summary>
/// <param name="Rows">The rows that can be loaded, perhaps none; its schema may have more columns than that of the batch before.</param>
/// <param name="Rejects">The rows that cannot.</param>
/// <param name="RowsRead">Both together.</param>
/// <param name="EndOfFile">Whether the file ended.</param>
public sealed record AssembledBatch(RowBatch Rows, IReadOnlyList<Reject> Rejects, long RowsRead, bool EndOfFile)
{
    /// <summary>What is to be told of the file so far and was not told with an earlier batch.</summary>
    public IReadOnlyList<FeedWarning> Warnings { get; init; } = [];

    /// <summary>At the end of a file of which rows can be loaded: for each column whether the file has its field. Else null.</summary>
    public IReadOnlyList<bool>? FileHas { get; init; }
}
