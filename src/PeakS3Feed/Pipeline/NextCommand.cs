using System.Text.RegularExpressions;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>What to type next, on the store that is at hand.</summary>
internal static partial class NextCommand
{
    /// <summary>The command of a remedy.</summary>
    /// <param name="remedy">The remedy.</param>
    /// <param name="storePath">The store, where it was named; the command must name it, too.</param>
    public static string Of(Remedy remedy, string? storePath)
    {
        // What comes behind a pipe gets the store from there.
        return storePath is null || !Ours().IsMatch(remedy.Cmdlet) ? remedy.Cmdlet : CommandText.Append(remedy.Cmdlet, $"-StorePath {CommandText.PowerShell(storePath)}");
    }

    [GeneratedRegex(@"^\w+-S3", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Ours();
}
