using System.Runtime.CompilerServices;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>A folder in place of a bucket: for engines that read local files, and for tests.</summary>
/// <param name="folder">The folder, which need not exist.</param>
/// <param name="options">What the files are for; null for the defaults.</param>
internal sealed class FolderStagingArea(string folder, StagingOptions? options = null) : IStagingArea
{
    private const string Unfinished = ".unfinished";

    public string Location => folder;

    public string GetUri(string name) => new Uri(GetPath(name)).AbsoluteUri;

    public IStagedFileWriter Create(string name)
    {
        var path = GetPath(name);
        return Guard(StagingAction.Write, path, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new Writer(this, path);
        });
    }

    public Task<Stream> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var path = GetPath(name);
        return Task.FromResult<Stream>(Guard(StagingAction.Read, path, () => new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan)));
    }

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var path = GetPath(name);
        return Guard(StagingAction.Write, path, async () => !File.Exists(path)
            && await WriteAsync(path, content, temporary => ExclusiveRename.TryMove(temporary, path), cancellationToken));
    }

    public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var path = GetPath(name);
        return Guard(StagingAction.Write, path, () => WriteAsync(path, content, Replace, cancellationToken));

        bool Replace(string temporary)
        {
            File.Move(temporary, path, overwrite: true);
            return true;
        }
    }

    public Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var path = GetPath(name);
        return Guard(StagingAction.Read, path, async () =>
        {
            try
            {
                return await File.ReadAllBytesAsync(path, cancellationToken);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
        });
    }

    public Task<int> ReadAtAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var path = GetPath(name);
        return Guard(StagingAction.Read, path, async () =>
        {
            using var file = File.OpenHandle(path, options: FileOptions.Asynchronous);
            var total = 0;
            while (total < buffer.Length
                && await RandomAccess.ReadAsync(file, buffer[total..], offset + total, cancellationToken) is > 0 and var read)
                total += read;
            return total;
        });
    }

    public IAsyncEnumerable<StagedFile> ListAsync(string prefix, CancellationToken cancellationToken)
        => ListAfterAsync(prefix, "", cancellationToken);

    public async IAsyncEnumerable<StagedFile> ListAfterAsync(
        string prefix, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listing = new FolderListing(new FolderPaths(folder), (path, e) => Fail(StagingAction.List, path, e));
        using var names = listing.Keys(prefix, after).GetEnumerator();
        while (Guard(StagingAction.List, folder, names.MoveNext))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Guard(StagingAction.List, folder, () => Describe(names.Current)) is { } file)
                yield return file;
        }
        await Task.CompletedTask;
    }

    public Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        foreach (var path in names.Select(GetPath))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Guard(StagingAction.Delete, path, () =>
            {
                if (File.Exists(path))
                    File.Delete(path);
                return path;
            });
        }
        return Task.CompletedTask;
    }

    public IStagingArea Below(string folder) => new FolderStagingArea(GetPath(folder), options);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Null if the file was deleted after it was listed.
    private StagedFile? Describe(string name)
        => new FileInfo(GetPath(name)) is { Exists: true } file ? new(name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc)) : null;

    // Writes a file of another name to disk, then renames it.
    private static async Task<bool> WriteAsync(
        string path, ReadOnlyMemory<byte> content, Func<string, bool> rename, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var temporary = $"{path}.{Guid.NewGuid():N}{Unfinished}"; // others may write the same file
        var renamed = false;
        try
        {
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true);
            }
            renamed = rename(temporary);
        }
        finally
        {
            if (!renamed)
                File.Delete(temporary);
        }
        DirectoryFlush.Flush(folder);
        return renamed;
    }

    private async Task<T> Guard<T>(StagingAction action, string path, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fail(action, path, e);
        }
    }

    private T Guard<T>(StagingAction action, string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fail(action, path, e);
        }
    }

    private FeedException Fail(StagingAction action, string path, Exception e)
        => StagingErrors.FolderFailed(action, path, e, options?.IsTable == true);

    // Names are made by us from numbers and ids, but a name that leaves the folder must fail all the same.
    private string GetPath(string name)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var path = Path.GetFullPath(Path.Combine(root, name));
        return path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path : throw new ArgumentException($"{name} is outside of the staging folder.", nameof(name));
    }

    private sealed class Writer(FolderStagingArea area, string path) : IStagedFileWriter
    {
        private readonly FileStream _file = new(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 128 * 1024);
        private bool _completed;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                _file.Write(bytes.Span);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw area.Fail(StagingAction.Write, path, e);
            }
            return ValueTask.CompletedTask;
        }

        public Task CompleteAsync(CancellationToken cancellationToken) => area.Guard(StagingAction.Write, path, () =>
        {
            _file.Flush(flushToDisk: true);
            _file.Dispose();
            File.Move(path + Unfinished, path, overwrite: false);
            DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
            _completed = true;
            return Task.CompletedTask;
        });

        public ValueTask DisposeAsync()
        {
            try
            {
                _file.Dispose();
            }
            catch (IOException) when (!_completed)
            {
                // The error that led here matters more: what is left in the buffer is discarded.
            }
            if (!_completed)
                File.Delete(path + Unfinished);
            return ValueTask.CompletedTask;
        }
    }
}
