namespace PeakS3Feed.Sources;

/// <summary>The names of objects as people give them.</summary>
public static class ObjectUri
{
    private const string Scheme = "s3://";

    /// <summary>Returns the URI of an object: the text itself if it is one, else that of the key.</summary>
    /// <param name="text">A full key, or a URI.</param>
    /// <param name="bucket">The bucket of a key.</param>
    public static string From(string text, string bucket)
        => text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? Scheme + text[Scheme.Length..] : $"{Scheme}{bucket}/{text}";

    /// <summary>Returns bucket and key of a URI; null for a text that is none, such as a key.</summary>
    public static (string Bucket, string Key)? Read(string text)
        => !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? null
            : text[Scheme.Length..].Split('/', 2) is [var bucket, var key] ? (bucket, key) : (text[Scheme.Length..], "");
}
