using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>A version of a Delta table, without its files.</summary>
/// <param name="Version">The version, from 0.</param>
/// <param name="Protocol">The protocol at this version.</param>
/// <param name="Metadata">The schema and the properties at this version.</param>
/// <param name="Transactions">The progress of each application by its id.</param>
/// <param name="Checkpoint">The checkpoint that the log is read from; null to read it from version 0.</param>
internal sealed record DeltaState(
    long Version, DeltaProtocol Protocol, DeltaMetadata Metadata, IReadOnlyDictionary<string, DeltaTransaction> Transactions,
    DeltaCheckpoint? Checkpoint)
{
    /// <summary>The number of the last commit of an application; null if it has made none.</summary>
    public long? FindTransaction(string appId) => Transactions.TryGetValue(appId, out var transaction) ? transaction.Version : null;

    /// <summary>Whether the table may only grow: no commit may remove rows.</summary>
    public bool IsAppendOnly => DeltaFeatures.IsAppendOnly(Metadata);

    /// <summary>
    /// Whether a checkpoint is due: as many versions are after the last one as the property <c>delta.checkpointInterval</c> says, by default 10.
    /// </summary>
    public bool NeedsCheckpoint => Version - (Checkpoint?.Version ?? 0) >= DeltaProperties.GetCheckpointInterval(Metadata);

    /// <summary>The metadata of this table with more columns, which allow NULL.</summary>
    public DeltaMetadata With(IEnumerable<FeedColumn> columns)
        => Metadata with { SchemaString = DeltaSchema.Parse(Metadata.SchemaString).With(columns).ToJson() };
}

/// <summary>A complete checkpoint.</summary>
/// <param name="Version">The version that it has the actions of.</param>
/// <param name="Files">Its files, in order.</param>
internal sealed record DeltaCheckpoint(long Version, IReadOnlyList<Staging.StagedFile> Files);

/// <summary>What became of an attempt to commit: <see cref="DeltaCommitted"/> or <see cref="DeltaTaken"/>.</summary>
internal abstract record DeltaCommitResult;

/// <summary>The entry is the attempt's own.</summary>
/// <param name="Version">The version that it makes.</param>
internal sealed record DeltaCommitted(long Version) : DeltaCommitResult;

/// <summary>Another commit has the version. Nothing of the attempt is in the table.</summary>
internal sealed record DeltaTaken : DeltaCommitResult;
