using System.Net;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Connections;

/// <summary>S3's rules for the names of general purpose buckets and of access point aliases.</summary>
internal static class BucketNameRules
{
    private static readonly string[] ReservedStarts = ["xn--", "sthree-", "amzn-s3-demo-"];
    private static readonly string[] ReservedEnds = ["--ol-s3", ".mrap", "--table-s3"];

    /// <summary>The first rule that the name breaks, or null.</summary>
    public static DefinitionProblem? Check(string name)
    {
        if (name.StartsWith("s3://", StringComparison.OrdinalIgnoreCase))
            return Problem(name, "Give the bucket's name alone, without s3://; folders go into RootPath.");
        if (name.Length is < 3 or > 63)
            return Problem(name, "Use 3 to 63 characters.");
        if (!name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-'))
            return Problem(name, "Use lower-case letters, digits, dots and hyphens.");
        if (!char.IsAsciiLetterOrDigit(name[0]) || !char.IsAsciiLetterOrDigit(name[^1]))
            return Problem(name, "Begin and end with a letter or a digit.");
        if (name.Contains("..", StringComparison.Ordinal))
            return Problem(name, "Do not put two dots side by side.");
        if (name.Count(c => c == '.') == 3 && IPAddress.TryParse(name, out _))
            return Problem(name, "It must not look like an IP address.");
        if (name.EndsWith("--x-s3", StringComparison.Ordinal))
            return Problem(name, "Directory buckets do not list their keys in order and cannot be read; use a general purpose bucket.");
        if (ReservedStarts.Any(s => name.StartsWith(s, StringComparison.Ordinal)) || ReservedEnds.Any(s => name.EndsWith(s, StringComparison.Ordinal)))
            return Problem(name, "S3 keeps this beginning or ending for itself.");
        return null;
    }

    private static DefinitionProblem Problem(string name, string hint)
        => new(nameof(S3Connection.BucketName), $"\"{name}\" is not a name that S3 gives to buckets.", hint);
}
