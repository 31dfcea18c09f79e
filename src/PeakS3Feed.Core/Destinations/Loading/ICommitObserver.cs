namespace PeakS3Feed.Destinations.Loading;

/// <summary>Is told of each step of the commit protocol, on the thread that takes it.</summary>
public interface ICommitObserver
{
    /// <summary>The step was taken.</summary>
    /// <param name="step">Which.</param>
    /// <param name="sequence">The load's number in the ledger; 0 while it is not known.</param>
    void OnStep(CommitStep step, long sequence);
}
