using PeakS3Feed.Errors;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds;

/// <summary>The first rows of one file as a feed would read them.</summary>
/// <param name="Feed">The feed, with the separator and schema that were found where it had none.</param>
/// <param name="Source">The file.</param>
/// <param name="Rows">The rows: one value for each column of the schema, null for NULL; see <see cref="CellValue"/> for their types.</param>
/// <param name="Rejects">Rows among them that could not be loaded.</param>
public sealed record FeedPreview(S3Feed Feed, SourceObject Source, IReadOnlyList<IReadOnlyList<object?>> Rows, IReadOnlyList<Reject> Rejects)
{
    /// <summary>What is to be told of the file although its rows can be loaded.</summary>
    public IReadOnlyList<FeedWarning> Warnings { get; init; } = [];

    /// <summary>The columns.</summary>
    public FeedSchema Schema => Feed.Schema!;
}
