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
    /// Streams all objects whose key begins with <paramref name="prefix"/>, in the order of their keys' UTF-8 bytes. Memory does not grow with their
    /// number.
    /// </summary>
    IAsyncEnumerable<SourceObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the first keys below a prefix; with <paramref name="nested"/> false, the keys and folders (ending in a slash) directly below it. Makes
    /// one small request, to explain a failure. A source that does not support it returns nothing.
    /// </summary>
    Task<IReadOnlyList<string>> PeekAsync(string prefix, bool nested, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Returns the current version of an object, or null if it does not exist.</summary>
    Task<SourceObject?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Opens exactly the listed version, to be read once from its first byte. The stream resumes after a dropped connection, and ends only after
    /// <see cref="SourceObject.Size"/> bytes. Opening or reading throws <c>ObjectChanged</c> if another version replaced it,
    /// <c>ObjectVanished</c>, <c>ObjectArchived</c> or <c>ObjectAccessDenied</c>; reading also <c>ChecksumMismatch</c>.
    /// </summary>
    Task<Stream> OpenAsync(SourceObject source, CancellationToken cancellationToken);

    /// <summary>
    /// Opens an object as <see cref="OpenAsync"/> does, to be read to its end. A large object may be read on several connections, within
    /// <see cref="Ahead"/>.
    /// </summary>
    Task<Stream> OpenWholeAsync(SourceObject source, CancellationToken cancellationToken) => OpenAsync(source, cancellationToken);

    /// <summary>Reads the first bytes of exactly the listed version, with one request. Throws what <see cref="OpenAsync"/> and reading throw.</summary>
    /// <param name="source">The version.</param>
    /// <param name="count">How many bytes; a smaller object gives all of its bytes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    async Task<byte[]> ReadStartAsync(SourceObject source, int count, CancellationToken cancellationToken)
    {
        await using var stream = await OpenAsync(source, cancellationToken);
        var bytes = new byte[Math.Min(count, source.Size)];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>The connections and the memory for reading ahead; null for a source that needs none.</summary>
    ReadAhead? Ahead => null;
}
