using System.Globalization;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Sources;

/// <summary>The errors of listing and reading objects.</summary>
internal static class SourceErrors
{
    public static FeedException GlobInvalid(string pattern, string why) => new(
        "GlobInvalid", FeedErrorCategory.InvalidArgument, $"\"{Beginning(pattern)}\" is not a valid pattern of file names: {why}.")
    {
        Target = pattern,
        Hint = "* and ? do not match a slash, ** does, [a-z] is a class. Write [*] for a literal star, [[] for a literal bracket.",
    };

    public static FeedException GlobTooLong(string pattern, int bytes) => new(
        "GlobInvalid",
        FeedErrorCategory.InvalidArgument,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The pattern of file names \"{Beginning(pattern)}\" has {bytes:N0} bytes; patterns, like keys, have at most {Glob.MaxBytes:N0}."))
    {
        Target = pattern,
        Hint = "Use several shorter patterns. A file that matches one of them is included.",
    };

    public static FeedException Changed(SourceObject source, ServiceFailure? failure = null) => new(
        "ObjectChanged", FeedErrorCategory.InvalidOperation, $"{source.Uri} was replaced after it was listed.")
    {
        Target = source.Uri,
        Position = new(source.Uri),
        Hint = "Run again: the next plan has the new version.",
        ServiceCode = failure?.Code,
        RequestId = failure?.RequestId,
    };

    public static FeedException Vanished(SourceObject source, ServiceFailure? failure = null) => new(
        "ObjectVanished", FeedErrorCategory.ObjectNotFound, $"{source.Uri} no longer exists, although it was listed.")
    {
        Target = source.Uri,
        Position = new(source.Uri),
        Hint = "Run again: the next plan leaves it out.",
        ServiceCode = failure?.Code,
        RequestId = failure?.RequestId,
    };

    public static FeedException Archived(SourceObject source, ServiceFailure? failure, Exception? inner = null) => new(
        "ObjectArchived", FeedErrorCategory.InvalidOperation, $"{source.Uri} is archived and cannot be read until it is restored.", inner)
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
            $"{diagnosis.Message.TrimEnd('.')}, although it is listed and other objects can be read.", inner)
        {
            Target = source.Uri,
            Position = new(source.Uri),
            Hint = diagnosis.Hint,
            ServiceCode = failure.Code,
            RequestId = failure.RequestId,
            Remedies = [.. diagnosis.Remedies, Remedy.TestConnection(connection.Name)],
        };
    }

    /// <summary>No tried object can be read. The error has no position, because it does not concern a single object.</summary>
    public static FeedException AllDenied(SourceObject source, S3Connection connection, ServiceFailure failure, Exception inner)
    {
        var diagnosis = Diagnose(source, connection, failure);
        return new("ReadDenied", FeedErrorCategory.PermissionDenied,
            $"{diagnosis.Message} The other objects that were tried cannot be read either.", inner)
        {
            Target = connection.Name,
            Hint = diagnosis.Hint,
            ServiceCode = failure.Code,
            RequestId = failure.RequestId,
            Remedies = [.. diagnosis.Remedies, Remedy.TestConnection(connection.Name)],
        };
    }

    public static FeedException Unreadable(string uri, Exception inner) => new(
        "ObjectAccessDenied", FeedErrorCategory.PermissionDenied, $"Access to {uri} is denied.", inner)
    {
        Target = uri,
        Position = new(uri),
        Hint = "Give the account that runs this permission to read the file and to enter its folders.",
    };

    public static FeedException ReadFailed(SourceObject source, Exception inner) => new(
        "ObjectUnreadable", FeedErrorCategory.ResourceUnavailable, $"{source.Uri} could not be read: {inner.Message}", inner)
    {
        Target = source.Uri,
        Position = new(source.Uri),
        Hint = "Check the disk or the network share of the folder.",
    };

    public static FeedException KeepsDropping(SourceObject source, long position, Exception inner) => new(
        "S3Unreachable", FeedErrorCategory.ConnectionError,
        $"The connection was lost repeatedly while reading {source.Uri}, the last time at byte {position}.", inner)
    {
        Target = source.Uri,
        Position = new(source.Uri),
        Hint = "Check the network and the proxy, then run again.",
    };

    public static FeedException RangeIgnored(SourceObject source) => new(
        "RangeIgnored", FeedErrorCategory.ConnectionError,
        $"The server ignores byte ranges for {source.Uri}, so a lost connection cannot be resumed.")
    {
        Target = source.Uri,
        Position = new(source.Uri),
        Hint = "Check whether a proxy between here and S3 removes the Range header.",
    };

    public static FeedException ChecksumMismatch(SourceObject source, string algorithm, string expected, string found) => new(
        "ChecksumMismatch", FeedErrorCategory.InvalidData,
        $"The content of {source.Uri} does not match its checksum: the {algorithm} is {found}, not {expected}.")
    {
        Target = source.Uri,
        Position = new(source.Uri),
        Hint = "Run again. If it fails in the same way, a proxy or gateway changes the content, or the object is damaged: upload it again.",
    };

    public static FeedException OutOfOrder(string bucket, string before, string after) => new(
        "ListingOutOfOrder", FeedErrorCategory.InvalidData,
        $"The server lists s3://{bucket}/{after} after s3://{bucket}/{before}, which is not the order of their bytes.")
    {
        Target = bucket,
        Hint = "S3's general purpose buckets list in this order. Directory buckets and some other servers do not, and cannot be read.",
    };

    public static FeedException FolderMissing(string connection, string folder) => new(
        "FolderNotFound", FeedErrorCategory.ObjectNotFound, $"The folder {folder} does not exist.")
    {
        Target = connection,
        Hint = "Create the folder, or correct the connection's endpoint.",
        Remedies = [Remedy.TestConnection(connection)],
    };

    public static FeedException FolderDenied(string connection, string folder, Exception inner) => new(
        "ListDenied", FeedErrorCategory.PermissionDenied, $"Listing the folder {folder} is denied.", inner)
    {
        Target = connection,
        Hint = "Give the account that runs this permission to list and enter the folder.",
    };

    private static Explanation Diagnose(SourceObject source, S3Connection connection, ServiceFailure failure)
        => AccessDiagnosis.Explain(new(ConnectionStep.Read, connection, source.Uri), failure);

    private static string Beginning(string pattern) => pattern.Length <= 80 ? pattern : pattern[..80] + "…";
}
