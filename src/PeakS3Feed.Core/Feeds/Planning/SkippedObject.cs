namespace PeakS3Feed.Feeds.Planning;

/// <summary>An object that a run passes over.</summary>
/// <param name="Uri">The object as <c>s3://bucket/key</c>.</param>
/// <param name="Size">Bytes as stored.</param>
/// <param name="Reason">Why: Archived, Empty, FolderMarker, BeforeHistoricalDate, Excluded, ChangedIgnored, or BadFile with what is wrong.</param>
public sealed record SkippedObject(string Uri, long Size, string Reason)
{
    /// <summary>Whether it was to be loaded and could not be read.</summary>
    public bool IsBadFile => Reason.StartsWith("BadFile", StringComparison.Ordinal);
}
