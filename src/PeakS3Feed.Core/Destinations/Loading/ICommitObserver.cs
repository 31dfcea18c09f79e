namespace PeakS3Feed.Destinations.Loading;

/// <summary>Is called at each step of the commit protocol, on the thread that takes it.</summary>
public interface ICommitObserver
{
    /// <summary>The step was reached.</summary>
    /// <param name="step">The step.</param>
    /// <param name="sequence">The load's number in the ledger; 0 while it is unknown.</param>
    void OnStep(CommitStep step, long sequence);
}

/// <summary>
/// The steps of the commit protocol. A process may be killed at each without a row lost or loaded twice. Destinations that commit by one
/// script or one request take only some of the steps between <see cref="Staged"/> and <see cref="Committing"/>.
/// </summary>
public enum CommitStep
{
    /// <summary>The run has a plan. No load has read anything yet.</summary>
    Planned = 1,

    /// <summary>The run has claimed the feed.</summary>
    Claimed,

    /// <summary>The load's files are staged. Staging destinations only.</summary>
    Staged,

    /// <summary>The first bytes of the load's objects are read. Loads whose objects the engine reads itself only.</summary>
    Proved,

    /// <summary>The engine has taken the staged files, or the objects, in. Staging destinations only.</summary>
    Copied,

    /// <summary>The objects are listed again and have not changed. Loads whose objects the engine reads itself only.</summary>
    Verified,

    /// <summary>The transaction is open.</summary>
    Began,

    /// <summary>The transaction holds the lock row.</summary>
    Locked,

    /// <summary>No newer run has claimed the feed.</summary>
    Checked,

    /// <summary>The table has the columns that the load needs.</summary>
    Prepared,

    /// <summary>The rows of earlier versions are deleted (-OnChangedObject Replace only).</summary>
    EarlierDeleted,

    /// <summary>The first rows are written.</summary>
    Writing,

    /// <summary>All rows are written and counted.</summary>
    Written,

    /// <summary>The rows are in the target table.</summary>
    Applied,

    /// <summary>The ledger entries are written.</summary>
    Recorded,

    /// <summary>The commit is about to be sent. From here until its answer, its outcome is unknown.</summary>
    Committing,

    /// <summary>The commit is in the log of the table; checkpoint and manifest are not written yet. Tables on S3 only.</summary>
    Logged,

    /// <summary>The commit was acknowledged.</summary>
    Committed,

    /// <summary>The local records (feed, run history) are written.</summary>
    LocallyRecorded,
}
