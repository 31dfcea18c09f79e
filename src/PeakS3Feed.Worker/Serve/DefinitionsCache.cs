using PeakS3Feed.Store;

namespace PeakS3Feed.Worker.Serve;

/// <summary>Caches the definitions, so that many requests do not read the file each. Reads the file again when it has changed.</summary>
internal sealed class DefinitionsCache(DefinitionStore store) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Cached? _cached;

    public async ValueTask<StoreDefinitions> GetAsync(CancellationToken cancellationToken)
    {
        var stamp = Stamp();
        if (_cached is { } known && known.Stamp == stamp)
            return known.Definitions;
        await _one.WaitAsync(cancellationToken);
        try
        {
            // Takes the stamp before reading: a write during the read changes the stamp, so the next call reads again.
            stamp = Stamp();
            if (_cached is { } meanwhile && meanwhile.Stamp == stamp)
                return meanwhile.Definitions;
            var definitions = await store.ReadAsync(cancellationToken);
            _cached = new(stamp, definitions);
            return definitions;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private (DateTime Written, long Length) Stamp()
    {
        var file = new FileInfo(store.Paths.DefinitionsFile);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    private sealed record Cached((DateTime Written, long Length) Stamp, StoreDefinitions Definitions);
}
