using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations;

/// <summary>A destination that can be connected to.</summary>
public interface IDestination : IAsyncDisposable
{
    /// <summary>What it can do.</summary>
    DestinationCapabilities Capabilities { get; }

    /// <summary>Where rows land, for people: host and database, or a file. No secrets.</summary>
    string Location { get; }

    /// <summary>Connects for one feed and table.</summary>
    Task<IDestinationSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken);

    /// <summary>Connects and tries what a load needs; each check says how it went. Leaves nothing behind.</summary>
    IAsyncEnumerable<DestinationCheck> TestAsync(CancellationToken cancellationToken);
}
