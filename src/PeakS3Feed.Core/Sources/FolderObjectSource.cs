using System.Runtime.CompilerServices;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Sources;

/// <summary>
/// A folder that stands in for a bucket, with the same keys, order, versions and errors. Hidden files count. Links to folders are not followed; links
/// to files are followed only within the folder (<see cref="FolderPaths"/>). On Linux, pipes, sockets and devices do not count. Names that are not
/// valid UTF-8 are ignored. A file that another one replaces during a read is read to its end, as on S3.
/// </summary>
internal sealed class FolderObjectSource(S3Connection connection, string folder) : IObjectSource
{
    /// <summary>The number of files after which a listing yields to other tasks.</summary>
    private const int FilesPerYield = 1000;

    private const int KeysPeeked = 100;

    private readonly FolderPaths _paths = new(folder);

    public string Bucket => connection.BucketName;

    public async IAsyncEnumerable<SourceObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_paths.Root))
            throw SourceErrors.FolderMissing(connection.Name, _paths.Root);
        var listing = new FolderListing(_paths, (path, e) => SourceErrors.FolderDenied(connection.Name, path, e));
        var count = 0;
        foreach (var key in listing.Keys(prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Find(key) is { } found)
                yield return found;
            if (++count % FilesPerYield == 0)
                await Task.Yield();
        }
    }

    public Task<IReadOnlyList<string>> PeekAsync(string prefix, bool nested, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Directory.Exists(_paths.Root))
            throw SourceErrors.FolderMissing(connection.Name, _paths.Root);
        var listing = new FolderListing(_paths, (path, e) => SourceErrors.FolderDenied(connection.Name, path, e));
        IEnumerable<string> keys = nested ? listing.Keys(prefix).Take(KeysPeeked) : listing.Directly(prefix).Take(FilesPerYield);
        return Task.FromResult<IReadOnlyList<string>>([.. keys]);
    }

    public Task<SourceObject?> FindAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Find(key));
    }

    public Task<Stream> OpenAsync(SourceObject source, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var file = _paths.Locate(source.Key) ?? throw SourceErrors.Vanished(source);
            if (IsSpecial(file))
                throw SourceErrors.Changed(source); // opening it could block
            var handle = File.OpenHandle(
                file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
            if (IsVersion(FileVersion.From(handle), source))
                return Task.FromResult<Stream>(new FolderObjectStream(source, handle));
            handle.Dispose();
            throw SourceErrors.Changed(source);
        }
        catch (UnauthorizedAccessException e)
        {
            throw SourceErrors.Unreadable(source.Uri, e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw SourceErrors.Vanished(source);
        }
        catch (IOException e)
        {
            throw SourceErrors.ReadFailed(source, e);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Returns whether a file is the version that was listed.</summary>
    internal static bool IsVersion(FileVersion version, SourceObject source)
        => version.Size == source.Size && string.Equals(version.ETag, source.ETag, StringComparison.Ordinal);

    // A file with a length is regular, so most files need no further call.
    private static bool IsSpecial(FileInfo file) => file.Length == 0 && FileIdentity.IsSpecial(file);

    private SourceObject? Find(string key)
    {
        try
        {
            if (_paths.Locate(key) is not { } file || IsSpecial(file))
                return null;
            var version = FileVersion.From(file);
            return new SourceObject(Bucket, key, version.ETag, version.Size, version.LastModified);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw SourceErrors.Unreadable($"s3://{Bucket}/{key}", e);
        }
    }
}
