namespace PeakS3Feed.Sources;

/// <summary>
/// Lists and reads the objects of one connection: a bucket on S3, or a folder that stands in for one.
/// Safe for concurrent reads. Errors are <see cref="Errors.FeedException"/>s.
/// </summary>
public interface IObjectSource : IAsyncDisposable
{
    /// <summary>The bucket's name, as in <c>s3://bucket/key</c>.</summary>
    string Bucket { get; }

    /// <summary>
    /// Streams all objects whose key begins with <paramref name="prefix"/>, in ascending order of their keys' UTF-8 bytes.
    /// Memory does not grow with their number.
    /// </summary>
    IAsyncEnumerable<SourceObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// The first keys below a prefix, or with <paramref name="nested"/> false what lies directly there: keys, and folders with a slash at
    /// the end. One small request, for explaining; a source that cannot do it knows nothing.
    /// </summary>
    Task<IReadOnlyList<string>> PeekAsync(string prefix, bool nested, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>The object as it is now, or null when it is gone.</summary>
    Task<SourceObject?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Opens exactly the listed version for one pass from its first byte. The stream resumes where a connection dropped
    /// and ends only after all <see cref="SourceObject.Size"/> bytes. Opening or reading throws with id
    /// <c>ObjectChanged</c> when another version took its place, <c>ObjectVanished</c>, <c>ObjectArchived</c> or <c>ObjectAccessDenied</c>;
    /// reading, also with <c>ChecksumMismatch</c>.
    /// </summary>
    Task<Stream> OpenAsync(SourceObject source, CancellationToken cancellationToken);
}
