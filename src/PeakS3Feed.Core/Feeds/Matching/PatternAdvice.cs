using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Matching;

/// <summary>Suggests the pattern or file type that a person may have meant, from the existing names.</summary>
internal static class PatternAdvice
{
    private static readonly string[] NotText =
        [
            ".parquet", ".avro", ".orc", ".zip", ".7z", ".tar", ".tgz", ".zst", ".bz2", ".xz", ".xls", ".xlsx", ".pdf", ".html", ".htm", ".xml",
            ".png", ".jpg",
        ];

    /// <summary>Returns a pattern that matches some of the keys and differs from one of the feed's by a common mistake, or null.</summary>
    public static string? Pattern(S3Feed feed, string bucket, string prefix, IReadOnlyList<string> keys)
        => feed.Include.SelectMany(p => Variants(p, bucket, prefix)).FirstOrDefault(v => MatchesAny(v, prefix, keys));

    /// <summary>Returns the file type of most names, or null.</summary>
    public static FileType? Type(S3Feed feed, IReadOnlyList<string> keys)
    {
        var best = Enum.GetValues<FileType>().Where(t => t != feed.FileType)
            .Select(t => (Type: t, Count: keys.Count(k => FileTypeNames.Matches(k, t)))).OrderByDescending(t => t.Count).First();
        return best.Count > 0 ? best.Type : null;
    }

    /// <summary>Returns a pattern for the most frequent ending that may be text, or null.</summary>
    public static string? ForEnding(IEnumerable<string> endings)
        => endings.FirstOrDefault(e => e.Length > 1
            && e.Skip(1).All(char.IsAsciiLetterOrDigit) && !NotText.Contains(e, StringComparer.OrdinalIgnoreCase)) is { } ending
            ? "**/*" + ending
            : null;

    private static IEnumerable<string> Variants(string pattern, string bucket, string prefix)
    {
        var within = pattern;
        foreach (var start in new[] { $"s3://{bucket}/", "./", "/", prefix })
        {
            if (start.Length > 0 && within.StartsWith(start, StringComparison.Ordinal))
                within = within[start.Length..];
        }
        // A URL of the bucket may continue with the path.
        if (prefix.Length > 0 && within.StartsWith(prefix, StringComparison.Ordinal))
            within = within[prefix.Length..];
        if (within.Length == 0)
            yield break;
        foreach (var shape in new[] { within, "**/" + within })
        {
            yield return shape;
            yield return shape.ToLowerInvariant();
            yield return shape.ToUpperInvariant();
            yield return AnyCase(shape);
        }
    }

    // Replaces letters outside brackets by both cases.
    private static string AnyCase(string pattern)
    {
        var any = new StringBuilder();
        var inBrackets = false;
        foreach (var c in pattern)
        {
            inBrackets = c == '[' || (inBrackets && c != ']');
            if (!inBrackets && char.IsAsciiLetter(c))
                any.Append('[').Append(char.ToLowerInvariant(c)).Append(char.ToUpperInvariant(c)).Append(']');
            else
                any.Append(c);
        }
        return any.ToString();
    }

    private static bool MatchesAny(string pattern, string prefix, IReadOnlyList<string> keys)
    {
        try
        {
            var glob = new Glob(pattern);
            return keys.Any(k => k.StartsWith(prefix, StringComparison.Ordinal) && glob.IsMatch(k.AsSpan(prefix.Length)));
        }
        catch (FeedException)
        {
            return false; // another case may reverse the range of a character class
        }
    }
}
