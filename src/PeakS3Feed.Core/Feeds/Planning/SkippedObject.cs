namespace PeakS3Feed.Feeds.Planning;

/// <summary>An object that a run skips.</summary>
/// <param name="Uri">The object as <c>s3://bucket/key</c>.</param>
/// <param name="Size">Bytes as stored.</param>
/// <param name="Reason">Why: Archived, Empty, FolderMarker, BeforeHistoricalDate, Excluded, ChangedIgnored, or BadFile with what is wrong.</param>
public sealed record SkippedObject(string Uri, long Size, string Reason)
{
    /// <summary>Whether the run should have loaded the object but could not read it.</summary>
    public bool IsBadFile => Reason.StartsWith("BadFile", StringComparison.Ordinal);

    /// <summary><see cref="Uri"/>.</summary>
    public override string ToString() => Uri;
}
