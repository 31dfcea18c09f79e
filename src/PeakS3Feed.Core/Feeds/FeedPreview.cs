using PeakS3Feed.Errors;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds;

/// <summary>The first rows of one file, read with a feed's settings.</summary>
/// <param name="Feed">The feed; a missing separator or schema is filled in from the file.</param>
/// <param name="Source">The file.</param>
/// <param name="Rows">The rows: one value for each column of the schema, null for NULL; see <see cref="CellValue"/> for their types.</param>
/// <param name="Rejects">The rejects among the rows.</param>
public sealed record FeedPreview(S3Feed Feed, SourceObject Source, IReadOnlyList<IReadOnlyList<object?>> Rows, IReadOnlyList<Reject> Rejects)
{
    /// <summary>The warnings of the file.</summary>
    public IReadOnlyList<FeedWarning> Warnings { get; init; } = [];

    /// <summary>The columns.</summary>
    public FeedSchema Schema => Feed.Schema!;
}
