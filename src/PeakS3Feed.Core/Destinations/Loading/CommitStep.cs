namespace PeakS3Feed.Destinations.Loading;

/// <summary>The numbered steps of the commit protocol. A process may be killed at each without a row lost or loaded twice.</summary>
public enum CommitStep
{
    /// <summary>The run holds the feed and has raised the epoch.</summary>
    Claimed = 1,

    /// <summary>Files are staged (staged destinations only).</summary>
    Staged,

    /// <summary>The transaction is open.</summary>
    Began,

    /// <summary>The lock row is taken.</summary>
    Locked,

    /// <summary>No newer run was found.</summary>
    Checked,

    /// <summary>The table fits.</summary>
    Prepared,

    /// <summary>Rows of earlier versions are deleted (-OnChangedObject Replace only).</summary>
    EarlierDeleted,

    /// <summary>The first rows are written.</summary>
    Writing,

    /// <summary>All rows are written and counted.</summary>
    Written,

    /// <summary>They are in the target table.</summary>
    Applied,

    /// <summary>The ledger entries are written.</summary>
    Recorded,

    /// <summary>COMMIT is about to be sent.</summary>
    Committing,

    /// <summary>COMMIT was acknowledged.</summary>
    Committed,

    /// <summary>The local records (feed, run history) are written.</summary>
    LocallyRecorded,
}
