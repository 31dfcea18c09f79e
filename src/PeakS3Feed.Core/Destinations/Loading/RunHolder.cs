namespace PeakS3Feed.Destinations.Loading;

/// <summary>Who runs a feed: written into the lock row, so that whoever is refused can be told.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Host">The machine.</param>
/// <param name="ProcessId">The process on it.</param>
/// <param name="Since">When it took the lock, UTC.</param>
public sealed record RunHolder(Guid RunId, string Host, int ProcessId, DateTimeOffset Since)
{
    /// <inheritdoc/>
    public override string ToString() => $"run {RunId:D} (process {ProcessId} on {Host}, since {Since:u})";
}
