namespace PeakS3Feed.Triggers.Queues;

/// <summary>
/// Compares the sequencers of two events of one key. Editions of the Amazon S3 user guide disagree on which side a shorter one is padded with zeros,
/// so only sequencers of the same length have an order here.
/// </summary>
internal static class Sequencer
{
    /// <summary>
    /// Returns whether an event is certainly not later than another one of the same key. An event that counts as later by mistake costs a run that
    /// finds nothing; one that counts as earlier by mistake would lose an object until the next listing.
    /// </summary>
    public static bool IsKnown(string? given, string? recorded)
        => given is not null && recorded is not null && given.Length == recorded.Length
            && string.Compare(given, recorded, StringComparison.OrdinalIgnoreCase) <= 0;
}
