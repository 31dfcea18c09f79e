using System.Text.Json;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>A file that a manifest names.</summary>
/// <param name="Url"><c>s3://bucket/key</c>.</param>
/// <param name="Mandatory">Whether a missing file fails the COPY; otherwise it is passed over without a word.</param>
/// <param name="ContentLength">How many bytes the file must have.</param>
public sealed record ManifestFile(string Url, bool Mandatory, long ContentLength)
{
    /// <summary>The bucket.</summary>
    public string Bucket => S3Url.Split(Url).Bucket;

    /// <summary>The key.</summary>
    public string Key => S3Url.Split(Url).Key;
}

/// <summary>Reads manifests. Stricter than Redshift: each file needs <c>meta.content_length</c>, and no file comes twice.</summary>
public static class CopyManifest
{
    /// <summary>The files of a manifest.</summary>
    /// <exception cref="RefusalException">It is no manifest, or one that could load other files than its writer meant.</exception>
    public static IReadOnlyList<ManifestFile> Read(string url, ReadOnlyMemory<byte> json)
    {
        var files = new List<ManifestFile>();
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var entry in document.RootElement.GetProperty("entries").EnumerateArray())
                files.Add(Read(url, entry));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Invalid(url, e.Message);
        }
        if (files.Count == 0)
            throw Invalid(url, "it names no file");
        var twice = files.GroupBy(f => f.Url, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null ? files : throw Invalid(url, $"it names {twice} twice");
    }

    private static ManifestFile Read(string url, JsonElement entry)
    {
        var known = new[] { "url", "mandatory", "meta" };
        foreach (var other in entry.EnumerateObject().Where(p => !known.Contains(p.Name, StringComparer.Ordinal)))
            throw Invalid(url, $"an entry has the member {other.Name}");
        var file = entry.GetProperty("url").GetString() ?? throw Invalid(url, "an entry has no url");
        var mandatory = entry.TryGetProperty("mandatory", out var flag) && flag.GetBoolean();
        if (!entry.TryGetProperty("meta", out var meta) || !meta.TryGetProperty("content_length", out var length))
            throw Invalid(url, $"{file} has no meta.content_length");
        S3Url.Split(file);
        return new ManifestFile(file, mandatory, length.GetInt64());
    }

    private static RefusalException Invalid(string url, string reason)
        => RedshiftRefusal.FromRedshift("XX000", $"Invalid manifest file {url}: {reason}");
}

/// <summary>URLs of objects.</summary>
public static class S3Url
{
    /// <summary>The bucket and the key of <c>s3://bucket/key</c>.</summary>
    public static (string Bucket, string Key) Split(string url)
    {
        const string Scheme = "s3://";
        var slash = url.StartsWith(Scheme, StringComparison.Ordinal) ? url.IndexOf('/', Scheme.Length) : -1;
        return slash > Scheme.Length && slash + 1 < url.Length
            ? (url[Scheme.Length..slash], url[(slash + 1)..])
            : throw RedshiftRefusal.FromRedshift("XX000", $"Invalid S3 URL: {url}");
    }
}
