using System.Globalization;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Sources;

/// <summary>The errors of this room.</summary>
internal static class SourceErrors
{
    public static FeedException GlobInvalid(string pattern, string why) => new(
        "GlobInvalid", FeedErrorCategory.InvalidArgument, $"\"{Beginning(pattern)}\" is not a pattern of file names: {why}.")
    {
        Target = pattern,
        Hint = "* and ? stop at a slash, ** does not, [a-z] is a class; write [*] for a star or [[] for a bracket as such.",
    };

    public static FeedException GlobTooLong(string pattern, int bytes) => new(
        "GlobInvalid",
        FeedErrorCategory.InvalidArgument,
        string.Create(CultureInfo.InvariantCulture, $"The pattern of file names \"{Beginning(pattern)}\" has {bytes:N0} bytes; a key of S3, and so a pattern, has at most {Glob.MaxBytes:N0}."))
    {
        Target = pattern,
        Hint = "Give several shorter patterns; a file that fits one of them is taken.",
    };

    public static FeedException Changed(SourceObject source, ServiceFailure? failure = null) => new(
        "ObjectChanged", FeedErrorCategory.InvalidOperation, $"{source.Uri} was replaced after it was listed.")
    {
        Target = source.Uri,
        Position = new(source.Uri),
        Hint = "The next plan takes the new version.",
        ServiceCode = failure?.Code,
        RequestId = failure?.RequestId,
    };

    public static FeedException Vanished(SourceObject source, ServiceFailure? failure = null) => new(
        "ObjectVanished", FeedErrorCategory.ObjectNotFound, $"{source.Uri} is gone since it was listed.")
    {
        Target = source.Uri,
        Position = new(source.Uri),
        Hint = "Run again: the next plan leaves it out.",
        ServiceCode = failure?.Code,
        RequestId = failure?.RequestId,
    };

    public static FeedException Archived(SourceObject source, ServiceFailure? failure, Exception? inner = null) => new(
        "ObjectArchived", FeedErrorCategory.InvalidOperation, $"{source.Uri} is in an archive and cannot be read until it is restored.", inner)
    {
        Target = source.Uri,
        Position = new(source.Uri),
        Hint = $"aws s3api restore-object --bucket {source.Bucket} --key \"{source.Key}\" --restore-request Days=7",
        ServiceCode = failure?.Code,
        RequestId = failure?.RequestId,
    };

    public static FeedException Denied(SourceObject source, S3Connection connection, ServiceFailure failure, Exception inner)
    {
        var diagnosis = Diagnose(source, connection, failure);
        return new("ObjectAccessDenied", FeedErrorCategory.PermissionDenied,
            $"{diagnosis.Message.TrimEnd('.')}, although it is listed and others may be read.", inner)
        {
            Target = source.Uri,
            Position = new(source.Uri),
            Hint = diagnosis.Hint,
            ServiceCode = failure.Code,
            RequestId = failure.RequestId,
            Remedies = [.. diagnosis.Remedies, Remedy.TestConnection(connection.Name)],
        };
    }

    /// <summary>No position: it is not about this one object.</summary>
    public static FeedException AllDenied(SourceObject source, S3Connection connection, ServiceFailure failure, Exception inner)
    {
        var diagnosis = Diagnose(source, connection, failure);
        return new("ReadDenied", FeedErrorCategory.PermissionDenied, $"{diagnosis.Message} No other object that was tried may be read either.", inner)
        {
            Target = connection.Name,
            Hint = diagnosis.Hint,
            ServiceCode = failure.Code,
            RequestId = failure.RequestId,
            Remedies = [.. diagnosis.Remedies, Remedy.TestConnection(connection.Name)],
        };
    }

    public static FeedException Unreadable(string uri, Exception inner) => new(
        "ObjectAccessDenied", FeedErrorCategory.PermissionDenied, $"{uri} may not be read.", inner)
    {
        Target = uri,
        Position = new(uri),
        Hint = "Give the account that runs this the right to read the file and to enter its folders.",
    };

    public static FeedException ReadFailed(SourceObject source, Exception inner) => new(
        "ObjectUnreadable", FeedErrorCategory.ResourceUnavailable, $"{source.Uri} could not be read: {inner.Message}", inner)
    {
        Target = source.Uri,
        Position = new(source.Uri),
        Hint = "Check the disk or the share that the folder is on.",
    };

    public static FeedException KeepsDropping(SourceObject source, long position, Exception inner) => new(
        "S3Unreachable", FeedErrorCategory.ConnectionError,
        $"The connection kept dropping while {source.Uri} was read, the last time at byte {position}.", inner)
    {
        Target = source.Uri,
        Position = new(source.Uri),
        Hint = "Check the network and the proxy, then run again.",
    };

    public static FeedException RangeIgnored(SourceObject source) => new(
        "RangeIgnored", FeedErrorCategory.ConnectionError,
        $"The server does not give {source.Uri} from a byte on, so a dropped connection cannot be resumed.")
    {
        Target = source.Uri,
        Position = new(source.Uri),
        Hint = "Check whether a proxy between here and S3 removes the Range header.",
    };

    public static FeedException ChecksumMismatch(SourceObject source, string algorithm, string expected, string found) => new(
        "ChecksumMismatch", FeedErrorCategory.InvalidData,
        $"The bytes of {source.Uri} are not those that were stored: their {algorithm} is {found}, not {expected}.")
    {
        Target = source.Uri,
        Position = new(source.Uri),
        Hint = "Run again. If it fails in the same way, something between here and S3 changes bytes (a proxy, a gateway), or the object is damaged: upload it again.",
    };

    public static FeedException OutOfOrder(string bucket, string before, string after) => new(
        "ListingOutOfOrder", FeedErrorCategory.InvalidData,
        $"The server lists s3://{bucket}/{after} after s3://{bucket}/{before}, not in the order of their bytes.")
    {
        Target = bucket,
        Hint = "S3's general purpose buckets list in order; directory buckets and some other servers do not, and cannot be read.",
    };

    public static FeedException FolderMissing(string connection, string folder) => new(
        "FolderNotFound", FeedErrorCategory.ObjectNotFound, $"There is no folder {folder}.")
    {
        Target = connection,
        Hint = "Make the folder, or correct the connection's endpoint.",
        Remedies = [Remedy.TestConnection(connection)],
    };

    public static FeedException FolderDenied(string connection, string folder, Exception inner) => new(
        "ListDenied", FeedErrorCategory.PermissionDenied, $"The folder {folder} may not be listed.", inner)
    {
        Target = connection,
        Hint = "Give the account that runs this the right to list and enter it.",
    };

    private static Explanation Diagnose(SourceObject source, S3Connection connection, ServiceFailure failure)
        => AccessDiagnosis.Explain(new(ConnectionStep.Read, connection, source.Uri), failure);

    private static string Beginning(string pattern) => pattern.Length <= 80 ? pattern : pattern[..80] + "…";
}
