namespace PeakS3Feed.Destinations.Loading;

/// <summary>One destination's steps of a load that a pair takes from one reading: staged files first, then a commit of its own.</summary>
internal abstract class PairedCommit(StagedShare share, LoadAttempt attempt)
{
    /// <summary>The load, through all its attempts.</summary>
    public LoadAttempt Attempt => attempt;

    /// <summary>Why the destination takes no part in the load any more, or null.</summary>
    public Exception? Failure
    {
        get => share.Failure;
        set => share.Failure = value;
    }

    /// <summary>
    /// Whether the destination can refuse rows when it commits. It then commits before the other one, so that these rows are rejects for both.
    /// </summary>
    public abstract bool RefusesInCommit { get; }

    /// <summary>Whether the engine has taken the staged rows in, as far as it does so before the commit.</summary>
    public abstract bool IsCopied { get; }

    /// <summary>What was staged.</summary>
    protected StagedShare Share => share;

    /// <summary>Has the engine take the staged rows in, if it has not yet. Rows that it refuses are removed.</summary>
    public abstract Task CopyAsync(ITableSession session, CancellationToken cancellationToken);

    /// <summary>Commits what is staged, unless an earlier attempt has landed. Returns null when there was nothing to commit.</summary>
    public abstract Task<LoadOutcome?> CommitAsync(ITableSession session, CancellationToken cancellationToken);

    /// <summary>Throws if the stage has failed: what it holds is incomplete, so that no attempt may use it again.</summary>
    protected void ThrowIfFailed()
    {
        if (share.Failure is not null)
            throw new StageFailedException();
    }
}

/// <summary>The stage of one of two destinations has failed, as <see cref="StagedShare.Failure"/> says. No other session can help.</summary>
internal sealed class StageFailedException() : Exception("The stage of the load has failed.");
