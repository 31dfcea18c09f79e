using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>The errors of staged files. Calls that may succeed later have been repeated before.</summary>
internal static class StagingErrors
{
    // ENOSPC and EDQUOT of Linux, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.
    private static readonly int[] FullCodes = [28, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>A call to S3 failed.</summary>
    /// <param name="connection">The staging connection.</param>
    /// <param name="use">What the destination did.</param>
    /// <param name="uri">The file, or the prefix of files.</param>
    /// <param name="inner">The exception. An error about credentials stays what it is, and also names the place.</param>
    public static FeedException Failed(S3Connection connection, StagingUse use, string uri, Exception inner)
    {
        var role = use.IsTable ? "connection" : "staging connection";
        var beginning = $"Destination {use.Destination} could not {GetVerb(use.Action)} {uri} through its {role} {connection.Name}: ";
        if (inner is FeedException known)
        {
            return new(known.Id, known.Category, beginning + known.Message, known)
            {
                Target = known.Target, Hint = known.Hint, ServiceCode = known.ServiceCode, RequestId = known.RequestId,
                Remedies = [.. GetRemedies(connection.Name, use, known.Remedies)],
            };
        }
        var failure = ServiceFailure.From(inner);
        var diagnosis = AccessDiagnosis.Explain(new(ConnectionStep.List, connection, uri) { Staging = use }, failure);
        return new(diagnosis.Id, diagnosis.Category, beginning + diagnosis.Message, inner)
        {
            Target = connection.Name,
            Hint = diagnosis.Hint,
            ServiceCode = failure.Code,
            RequestId = failure.RequestId,
            Remedies = diagnosis.Remedies,
        };
    }

    // The commands for the connection of a source do not all fit: its policy is that of the destination; its test reads the root path, which
    // staging may not do; and a public bucket cannot be written.
    private static IEnumerable<Remedy> GetRemedies(string connection, StagingUse use, IReadOnlyList<Remedy> remedies)
    {
        Remedy[] unfit = [Remedy.TestConnection(connection), Remedy.SetConnection(connection, "Anonymous", "true")];
        return remedies.Except(unfit).Select(r => r == Remedy.ShowPolicy(connection) ? Remedy.DestinationPolicy(use.Destination, use.Purpose) : r);
    }

    /// <summary>An operation on a folder failed.</summary>
    /// <param name="action">What was done.</param>
    /// <param name="path">The file or the folder.</param>
    /// <param name="inner">The exception.</param>
    /// <param name="isTable">Whether the files are tables of their own, and not staged for a warehouse.</param>
    public static FeedException FolderFailed(StagingAction action, string path, Exception inner, bool isTable = false)
    {
        var beginning = $"Could not {GetVerb(action)} the {(isTable ? "file or folder of a table" : "staged file or folder")} {path}: ";
        var folder = isTable ? "the folder of the table" : "the staging folder";
        var (isMissing, isFull) = (
            inner is FileNotFoundException or DirectoryNotFoundException && action == StagingAction.Read, FullCodes.Contains(inner.HResult));
        var (id, category) = inner switch
        {
            UnauthorizedAccessException when isTable => ("TableFilesDenied", FeedErrorCategory.PermissionDenied),
            UnauthorizedAccessException => ("StagingDenied", FeedErrorCategory.PermissionDenied),
            _ when isMissing && isTable => ("TableFileMissing", FeedErrorCategory.ObjectNotFound),
            _ when isMissing => ("StagedFileMissing", FeedErrorCategory.ObjectNotFound),
            _ when isFull && isTable => ("TableDiskFull", FeedErrorCategory.ResourceUnavailable),
            _ when isFull => ("StagingFull", FeedErrorCategory.ResourceUnavailable),
            _ when isTable => ("TableFilesFailed", FeedErrorCategory.ResourceUnavailable),
            _ => ("StagingFailed", FeedErrorCategory.ResourceUnavailable),
        };
        var (message, hint) = inner switch
        {
            UnauthorizedAccessException => (
                "access is denied.", $"Give the account that runs this permission to list, read, write and delete in {folder}."),
            _ when isMissing => (
                "it does not exist.",
                isTable
                    ? "Something else deleted the file, such as a vacuum while it was read. Run again. If that does not help, restore the file."
                    : "Something else deleted the file. Run again; the rows are staged again."),
            _ when isFull => ("the disk is full.", $"Free space on the disk of {folder}, then run again."),
            _ => (inner.Message, $"Check the disk or the network share of {folder}."),
        };
        return new(id, category, beginning + message, inner) { Target = path, Hint = hint };
    }

    private static string GetVerb(StagingAction action) => action switch
    {
        StagingAction.Write => "write",
        StagingAction.Read => "read",
        StagingAction.Delete => "delete",
        _ => "list",
    };
}
