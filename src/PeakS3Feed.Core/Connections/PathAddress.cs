using PeakS3Feed.Errors;

namespace PeakS3Feed.Connections;

/// <summary>Detects an address instead of a path: <c>s3://bucket/folder/</c>, an ARN, or a link of a console or server.</summary>
internal static class PathAddress
{
    private const string Arn = ":s3:::";

    /// <summary>Returns the problem if the text is an address instead of a path in a bucket; otherwise null.</summary>
    /// <param name="text">The text.</param>
    /// <param name="field">The setting.</param>
    /// <param name="bucket">The connection's bucket; null if unknown.</param>
    public static DefinitionProblem? Check(string text, string field, string? bucket)
    {
        if (Split(text, bucket) is not var (named, rest))
            return null;
        var path = Folder(rest);
        return bucket is null || named is null || string.Equals(named, bucket, StringComparison.Ordinal)
            ? new(field, $"\"{text}\" is an address; a path is the part after the bucket.", $"Write \"{path}\".")
            : new(field, $"\"{text}\" is an address in the bucket {named}, but the connection is for the bucket {bucket}.",
                $"Use a connection to {named}, and the path \"{path}\".");
    }

    // Returns the bucket, if it is known, and the rest.
    private static (string? Bucket, string Key)? Split(string text, string? bucket)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (text.StartsWith("arn:", StringComparison.OrdinalIgnoreCase) && text.IndexOf(Arn, StringComparison.OrdinalIgnoreCase) is > 0 and var at)
            return SplitFirst(text[(at + Arn.Length)..]);
        if (scheme <= 0 || !text.AsSpan(0, scheme).ContainsOnlyLetters())
            return null;
        var (host, rest) = SplitFirst(text[(scheme + 3)..]);
        if (text.StartsWith("s3", StringComparison.OrdinalIgnoreCase))
            return (host, rest);
        // https://bucket.s3.region.amazonaws.com/key, or https://server/bucket/key
        if (bucket is not null && host?.StartsWith(bucket + ".", StringComparison.Ordinal) == true)
            return (bucket, rest);
        return bucket is not null && (rest == bucket || rest.StartsWith(bucket + "/", StringComparison.Ordinal)) ? SplitFirst(rest) : (null, rest);
    }

    private static (string? First, string Key) SplitFirst(string text)
        => text.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? (text[..slash], text[(slash + 1)..]) : (text, "");

    private static string Folder(string rest)
    {
        var path = rest.Trim('/');
        return path.Length == 0 ? "/" : path + "/";
    }

    private static bool ContainsOnlyLetters(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
                return false;
        }
        return true;
    }
}
