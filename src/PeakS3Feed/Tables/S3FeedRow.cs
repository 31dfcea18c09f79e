using PeakS3Feed.Cmdlets.Output;

namespace PeakS3Feed.Cmdlets.Tables;

/// <summary>A row of a feed's table.</summary>
public sealed class S3FeedRow : ShownRow
{
    internal S3FeedRow(RowLayout layout, int number, IReadOnlyList<object?> values)
        : base(layout, number, values)
    {
    }
}
