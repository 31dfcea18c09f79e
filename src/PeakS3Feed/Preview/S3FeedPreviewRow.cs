using PeakS3Feed.Cmdlets.Output;

namespace PeakS3Feed.Cmdlets.Preview;

/// <summary>A row of a preview.</summary>
public sealed class S3FeedPreviewRow : ShownRow
{
    internal S3FeedPreviewRow(RowLayout layout, int number, IReadOnlyList<object?> values)
        : base(layout, number, values)
    {
    }
}
