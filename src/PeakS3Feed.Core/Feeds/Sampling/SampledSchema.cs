using PeakS3Feed.Errors;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Sampling;

/// <summary>The schema inferred from a sample of a feed's files.</summary>
/// <param name="Feed">The feed with its schema and a detected separator.</param>
/// <param name="Sampled">The objects that were read.</param>
/// <param name="Rows">The number of rows read.</param>
/// <param name="Complete">Whether every matching object was listed; otherwise the listing was cut off at 10,000 keys or 5 seconds.</param>
public sealed record SampledSchema(S3Feed Feed, IReadOnlyList<SourceObject> Sampled, long Rows, bool Complete)
{
    /// <summary>The warnings of the files and the schema.</summary>
    public IReadOnlyList<FeedWarning> Warnings { get; init => field = value.ToArray(); } = [];

    /// <summary>The first row that could not be read, and the reason; null if there is none.</summary>
    internal (SourcePosition Position, string Reason)? FirstReject { get; init; }
}
