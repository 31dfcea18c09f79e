namespace PeakS3Feed.Feeds.Running;

/// <summary>How far a run has come.</summary>
/// <param name="Phase">What the run is doing.</param>
/// <param name="ObjectsListed">While planning: objects listed so far.</param>
/// <param name="Objects">Objects read completely.</param>
/// <param name="ObjectsTotal">Objects to read.</param>
/// <param name="Bytes">Bytes read, as stored.</param>
/// <param name="BytesTotal">Bytes to read.</param>
/// <param name="Rows">Rows written, committed or not yet.</param>
/// <param name="Rejects">Rows rejected.</param>
/// <param name="Elapsed">Since loading began.</param>
/// <param name="CurrentObject">The object being loaded, or null.</param>
public sealed record RunProgress(
    RunPhase Phase, long ObjectsListed, long Objects, long ObjectsTotal, long Bytes, long BytesTotal, long Rows, long Rejects, TimeSpan Elapsed,
    string? CurrentObject)
{
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(3);

    /// <summary>In the phase <see cref="RunPhase.Merging"/>, the files of the table that the load has been merged with so far.</summary>
    public long FilesMerged { get; init; }

    /// <summary>Bytes a second since loading began; 0 while it is unknown.</summary>
    public double BytesPerSecond => Elapsed > TimeSpan.FromMilliseconds(100) ? Bytes / Elapsed.TotalSeconds : 0;

    /// <summary>Time left at this rate, or null while it is unknown: in the first seconds, the rate is no sample of what follows.</summary>
    public TimeSpan? TimeLeft => BytesPerSecond > 0 && Elapsed >= Sample ? TimeSpan.FromSeconds(Math.Max(0, BytesTotal - Bytes) / BytesPerSecond) : null;

    /// <summary>The share of the bytes that was read: 0 to 1.</summary>
    public double Share => BytesTotal > 0 ? Math.Min(1, (double)Bytes / BytesTotal) : 0;
}

/// <summary>What a run is doing.</summary>
public enum RunPhase
{
    /// <summary>Listing objects and comparing them with the ledger.</summary>
    Planning,

    /// <summary>Reading and loading.</summary>
    Loading,

    /// <summary>Waiting for a commit's answer.</summary>
    Committing,

    /// <summary>Comparing the load with the files of a table on S3, and rewriting those that hold rows which the load replaces.</summary>
    Merging,
}
