using System.Runtime.CompilerServices;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>A folder in place of a bucket: for engines that read local files, and for tests.</summary>
internal sealed class FolderStagingArea(string folder) : IStagingArea
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
            return new Writer(path);
        });
    }

    public Task<Stream> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var path = GetPath(name);
        return Task.FromResult<Stream>(Guard(StagingAction.Read, path, () => new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan)));
    }

    public async IAsyncEnumerable<StagedFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var files = Find(prefix).GetEnumerator();
        while (Guard(StagingAction.List, folder, files.MoveNext))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return files.Current;
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

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IEnumerable<StagedFile> Find(string prefix)
    {
        if (!Directory.Exists(folder))
            yield break;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, file.FullName).Replace('\\', '/');
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                yield return new StagedFile(name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
        }
    }

    private static T Guard<T>(StagingAction action, string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StagingErrors.FolderFailed(action, path, e);
        }
    }

    // Names are made by us from numbers and ids, but a name that leaves the folder must fail all the same.
    private string GetPath(string name)
    {
        var root = Path.GetFullPath(folder);
        var path = Path.GetFullPath(Path.Combine(root, name));
        return path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path : throw new ArgumentException($"{name} is outside of the staging folder.", nameof(name));
    }

    private sealed class Writer(string path) : IStagedFileWriter
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
                throw StagingErrors.FolderFailed(StagingAction.Write, path, e);
            }
            return ValueTask.CompletedTask;
        }

        public Task CompleteAsync(CancellationToken cancellationToken) => Guard(StagingAction.Write, path, () =>
        {
            _file.Dispose();
            File.Move(path + Unfinished, path, overwrite: false);
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
