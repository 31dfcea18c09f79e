namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// A destination that can be connected to. Its sessions take rows within a transaction (<see cref="IRowSession"/>) or staged files
/// (<see cref="IFileSession"/>, and the destination is an <see cref="IStagingDestination"/>). Nothing in this contract is SQL.
/// </summary>
public interface IDestination : IAsyncDisposable
{
    /// <summary>What it can do.</summary>
    DestinationCapabilities Capabilities { get; }

    /// <summary>Where rows land, for people: host and database, or a file. No secrets.</summary>
    string Location { get; }

    /// <summary>Connects for one feed and table.</summary>
    Task<ITableSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken);

    /// <summary>Connects and tries what a load needs. Each check says how it went. Leaves nothing behind.</summary>
    IAsyncEnumerable<DestinationCheck> TestAsync(CancellationToken cancellationToken);
}

/// <summary>A destination whose loads are staged as files first. A stage outlives sessions and attempts: a retry reads no object again.</summary>
public interface IStagingDestination : IDestination
{
    /// <summary>Opens an empty stage for one load. A stage of the same name that an earlier attempt left is replaced.</summary>
    Task<IStage> OpenStageAsync(LoadTarget target, LoadSpec spec, LoadStamp stamp, LoadName name, CancellationToken cancellationToken);

    /// <summary>Deletes what runs that have ended left on the stage of this feed and table. The caller has claimed the feed.</summary>
    /// <param name="target">The feed and table.</param>
    /// <param name="current">The run that asks; its own stages stay.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    Task CollectAsync(LoadTarget target, Guid current, CancellationToken cancellationToken);
}
