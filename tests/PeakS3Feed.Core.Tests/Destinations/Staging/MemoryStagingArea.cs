using System.Collections.Concurrent;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Tests.Destinations.Staging;

/// <summary>A place for small files in memory, which counts how many are read.</summary>
internal sealed class MemoryStagingArea : IStagingArea
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private int _reads;

    public int Reads
    {
        get => _reads;
        set => _reads = value;
    }

    public string Location => "memory/";

    public string GetUri(string name) => Location + name;

    public IStagedFileWriter Create(string name) => throw new NotSupportedException();

    public Task<Stream> OpenAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        => Task.FromResult(_files.TryAdd(name, content.ToArray()));

    public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _files[name] = content.ToArray();
        return Task.CompletedTask;
    }

    public Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return Task.FromResult(_files.GetValueOrDefault(name));
    }

    public Task<int> ReadAtAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public IAsyncEnumerable<StagedFile> ListAsync(string prefix, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<StagedFile> ListAfterAsync(string prefix, string after, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
            _files.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    public IStagingArea Below(string folder) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
