using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>A destination with something else in the place of its stages, to do harm.</summary>
internal sealed class TamperedDestination(IStagingDestination inner, Func<IStage, IStage> tamper) : IStagingDestination
{
    public DestinationCapabilities Capabilities => inner.Capabilities;

    public string Location => inner.Location;

    public Task<ITableSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken) => inner.OpenAsync(target, cancellationToken);

    public async Task<IStage> OpenStageAsync(LoadTarget target, LoadSpec spec, LoadStamp stamp, LoadName name, CancellationToken cancellationToken)
        => tamper(await inner.OpenStageAsync(target, spec, stamp, name, cancellationToken));

    public Task CollectAsync(LoadTarget target, Guid current, CancellationToken cancellationToken) => inner.CollectAsync(target, current, cancellationToken);

    public IAsyncEnumerable<DestinationCheck> TestAsync(CancellationToken cancellationToken) => inner.TestAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
