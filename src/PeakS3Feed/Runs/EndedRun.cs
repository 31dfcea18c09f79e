using System.Management.Automation;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>A run that the cmdlet itself has run. Its view has fixed widths, so that each run appears as it ends.</summary>
internal static class EndedRun
{
    /// <summary>Returns the run with that view.</summary>
    public static PSObject Show(S3FeedRun run)
    {
        var shown = new PSObject(run);
        shown.TypeNames.Insert(0, typeof(S3FeedRun).FullName + "#Ended");
        return shown;
    }
}
