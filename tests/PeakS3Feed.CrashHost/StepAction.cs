using System.Globalization;
using System.Runtime.InteropServices;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.CrashHost;

/// <summary>Does something to this very process when a step of the commit protocol was taken for the n-th time.</summary>
internal sealed partial class StepAction(CommitStep awaited, int occurrence, Action action) : ICommitObserver
{
    private const int SigKill = 9;
    private const int SigStop = 19;
    private int _seen;

    /// <summary>Reads <c>Recorded:2</c>.</summary>
    public static StepAction Parse(string text, Action action)
    {
        var parts = text.Split(':');
        return new StepAction(Enum.Parse<CommitStep>(parts[0]), parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1, action);
    }

    /// <summary>Dies at once, without a chance to clean up.</summary>
    public static void Die()
    {
        _ = Kill(Environment.ProcessId, SigKill);
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Stands still until somebody sends SIGCONT. Sent to this very thread, which thus takes no further step.</summary>
    public static void Stop() => _ = Raise(SigStop);

    public void OnStep(CommitStep step, long sequence)
    {
        if (step == awaited && ++_seen == occurrence)
            action();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "raise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Raise(int signal);
}
