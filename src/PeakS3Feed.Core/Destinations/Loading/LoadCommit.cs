using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>What a load is about to do, and as which run.</summary>
/// <param name="Spec">The load's settings.</param>
/// <param name="Stamp">The values of the audit columns.</param>
/// <param name="Holder">The run.</param>
/// <param name="Epoch">The run's epoch: with a higher one in the ledger the run has been overtaken.</param>
public sealed record LoadOrder(LoadSpec Spec, LoadStamp Stamp, RunHolder Holder, long Epoch)
{
    /// <summary>Is called at each step that the destination takes.</summary>
    public Action<CommitStep> Reached { get; init; } = _ => { };

    /// <summary>Is called when it is certain that what was sent after <see cref="CommitStep.Committing"/> did not land.</summary>
    public Action NotLanded { get; init; } = () => { };

    /// <summary>
    /// Is called with the number of the table's files that the load has been merged with so far; with 0 once the files of the commit are complete.
    /// </summary>
    public Action<long> Merging { get; init; } = _ => { };
}

/// <summary>What happens to table and ledger before a load's rows come.</summary>
/// <param name="Fit">The changes that the table needs.</param>
public sealed record LoadPreparation(TableFit Fit)
{
    /// <summary>Objects to record as loaded without rows, as a load of their own; or null.</summary>
    public AssumedLoad? Assumed { get; init; }

    /// <summary>The objects whose earlier versions' rows go (-OnChangedObject Replace); or null.</summary>
    public Func<IAsyncEnumerable<SourceObject>>? Changed { get; init; }
}

/// <summary>Objects that are taken as loaded when a feed adopts a table. The table's rows cannot be traced to them.</summary>
/// <param name="Load">The load that stands for them.</param>
/// <param name="Schema">The feed's columns.</param>
/// <param name="Files">The objects.</param>
public sealed record AssumedLoad(LoadRecord Load, FeedSchema Schema, Func<IAsyncEnumerable<SourceObject>> Files);

/// <summary>A load as its commit makes it visible, and what must hold at that moment.</summary>
public sealed record LoadCommit
{
    /// <summary>The load's order; its epoch must still be the ledger's highest.</summary>
    public required LoadOrder Order { get; init; }

    /// <summary>Table and ledger as the decision to commit saw them. The ledger's sequence must still be that one.</summary>
    public required TableSnapshot Expected { get; init; }

    /// <summary>The changes to table and ledger that come first.</summary>
    public required LoadPreparation Preparation { get; init; }

    /// <summary>
    /// The load's record. Its id must not be in the ledger yet, and its rows must be as many as were taken. Null when only the preparation is
    /// committed.
    /// </summary>
    public LoadRecord? Load { get; init; }

    /// <summary>The feed's columns after the load.</summary>
    public required FeedSchema Schema { get; init; }

    /// <summary>A hash of the objects that a Replace loads; or null.</summary>
    public string? Signature { get; init; }

    /// <summary>The objects that the load brings, whole, in loading order.</summary>
    public required Func<IAsyncEnumerable<LoadedObject>> Files { get; init; }
}

/// <summary>How a commit of staged files ended.</summary>
public abstract record CommitResult
{
    private CommitResult()
    {
    }

    /// <summary>The load is in the table and in the ledger; by this attempt, or by an earlier one with the same id.</summary>
    /// <param name="Load">The ledger's record; null when only a preparation was committed.</param>
    public sealed record Committed(LoadRecord? Load) : CommitResult;

    /// <summary>Another run has claimed the feed or committed a load. Nothing was changed.</summary>
    /// <param name="By">That run, where it is known.</param>
    public sealed record Overtaken(RunHolder? By) : CommitResult;

    /// <summary>The table is not as <see cref="LoadCommit.Expected"/> says. Nothing was changed; the caller inspects it again.</summary>
    public sealed record TableChanged : CommitResult;

    /// <summary>The destination took another number of rows than were staged. Nothing was changed.</summary>
    /// <param name="Taken">That number.</param>
    public sealed record CountDiffers(long Taken) : CommitResult;

    /// <summary>The destination refused rows. Nothing was changed.</summary>
    /// <param name="Rows">The rows.</param>
    public sealed record RowsRefused(IReadOnlyList<RefusedStagedRow> Rows) : CommitResult;
}

/// <summary>A load whose files are staged.</summary>
/// <param name="Name">The load's name.</param>
/// <param name="Parts">The files, in no particular order.</param>
public sealed record StagedLoad(LoadName Name, IReadOnlyList<StagedPart> Parts)
{
    /// <summary>The rows of all parts.</summary>
    public long Rows => Parts.Sum(p => p.Rows);
}

/// <summary>One staged file. It is never written again under the same name.</summary>
/// <param name="Uri">Where it is.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Checksum">The checksum of its bytes, in the destination's own form.</param>
/// <param name="Rows">The number of its rows.</param>
/// <param name="Schema">Its columns. Parts of one load may have fewer columns than later ones.</param>
public sealed record StagedPart(string Uri, long Bytes, string Checksum, long Rows, FeedSchema Schema);

/// <summary>A staged row that the destination refused.</summary>
/// <param name="Ordinal">The object's number in the load, from 0.</param>
/// <param name="Row">The row's number among the object's loaded rows, from 0.</param>
/// <param name="Reason">The destination's message.</param>
public sealed record RefusedStagedRow(long Ordinal, long Row, string Reason);
