using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>What the ledger says about one feed and table: its lock row.</summary>
/// <param name="Epoch">Raised by each run that starts; a run that finds a higher one than its own has been overtaken.</param>
/// <param name="Sequence">The number of the last load that was committed.</param>
/// <param name="LoadType">The feed's load type when it last ran.</param>
/// <param name="Schema">The columns that this feed has made or used in the table, or null before the first load and after a reset.</param>
/// <param name="Signature">What the last Replace load was made of, or null.</param>
/// <param name="Holder">The run that last took the lock.</param>
public sealed record LedgerState(long Epoch, long Sequence, string LoadType, FeedSchema? Schema, string? Signature, RunHolder? Holder)
{
    /// <summary>Whether loads count: a reset retires those before it, and their numbers are not given again.</summary>
    public bool HasLoaded => Schema is not null;
}
