using PeakS3Feed.Errors;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Sampling;

/// <summary>What was found in a feed's files.</summary>
/// <param name="Feed">The feed with its schema and, where it was to be detected, its separator.</param>
/// <param name="Sampled">The objects that were read from.</param>
/// <param name="Rows">Rows that were looked at.</param>
/// <param name="Complete">Whether every matching object was listed; otherwise the listing was cut off at 10,000 keys or 5 seconds.</param>
public sealed record SampledSchema(S3Feed Feed, IReadOnlyList<SourceObject> Sampled, long Rows, bool Complete)
{
    /// <summary>What is to be told of the files and the schema although it is no error.</summary>
    public IReadOnlyList<FeedWarning> Warnings { get; init => field = value.ToArray(); } = [];

    /// <summary>The first row that could not be read, and why; null where there was none.</summary>
    internal (SourcePosition Position, string Reason)? FirstReject { get; init; }
}
