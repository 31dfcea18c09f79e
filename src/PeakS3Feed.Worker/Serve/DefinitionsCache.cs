using PeakS3Feed.Store;

namespace PeakS3Feed.Worker.Serve;

/// <summary>The definitions, read again only when their file has changed: a thousand requests ask for them a thousand times.</summary>
internal sealed class DefinitionsCache(DefinitionStore store) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Known? _known;

    public async ValueTask<StoreDefinitions> GetAsync(CancellationToken cancellationToken)
    {
        var stamp = Stamp();
        if (_known is { } known && known.Stamp == stamp)
            return known.Definitions;
        await _one.WaitAsync(cancellationToken);
        try
        {
            // Looked at before it is read: what is written meanwhile is seen the next time.
            stamp = Stamp();
            if (_known is { } meanwhile && meanwhile.Stamp == stamp)
                return meanwhile.Definitions;
            var definitions = await store.ReadAsync(cancellationToken);
            _known = new(stamp, definitions);
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

    private sealed record Known((DateTime Written, long Length) Stamp, StoreDefinitions Definitions);
}
