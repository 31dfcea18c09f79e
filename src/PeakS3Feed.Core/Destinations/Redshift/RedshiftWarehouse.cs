using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.Redshift;

#pragma warning disable CS9113 // Parameter is unread.

/// <summary>Amazon Redshift as a destination.</summary>
/// <param name="definition">The definition.</param>
/// <param name="password">The resolved password, or null.</param>
/// <param name="staging">The place for staged files; owned.</param>
/// <param name="loggers">Logs waiting and retries.</param>
/// <param name="time">The clock.</param>
internal sealed class RedshiftWarehouse(
    RedshiftDestination definition, string? password, IStagingArea staging, ILoggerFactory loggers, TimeProvider time) : IStagingDestination
{
    public DestinationCapabilities Capabilities => throw new NotSupportedException();

    public string Location => throw new NotSupportedException();

    public Task<ITableSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<DestinationCheck> TestAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IStage> OpenStageAsync(LoadTarget target, LoadSpec spec, LoadStamp stamp, LoadName name, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public Task CollectAsync(LoadTarget target, Guid current, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => staging.DisposeAsync();
}
