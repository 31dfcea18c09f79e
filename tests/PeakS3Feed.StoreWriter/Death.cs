using System.Diagnostics;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.StoreWriter;

/// <summary>Kills the process at a step of a commit.</summary>
internal sealed class Death(CommitStep last) : ICommitObserver
{
    public void OnStep(CommitStep step, long sequence)
    {
        if (step == last)
            Process.GetCurrentProcess().Kill();
    }
}
