using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>What was written in one load.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Objects">Whole objects.</param>
/// <param name="Bytes">Their bytes as stored.</param>
/// <param name="Schema">The schema, grown by the fields that were met.</param>
public sealed record LoadTotals(long Rows, long Objects, long Bytes, FeedSchema Schema)
{
    /// <summary>Rows that were rejected.</summary>
    public long Rejects { get; init; }
}
