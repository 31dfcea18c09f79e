namespace PeakS3Feed.Cmdlets.Store;

/// <summary>A store: its folders and the number of its definitions.</summary>
public sealed record S3FeedStoreInfo
{
    /// <summary>The folder of the definitions.</summary>
    public required string ConfigDirectory { get; init; }

    /// <summary>The folder of the runs, the locks and the <c>local</c> destination.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The number of connections.</summary>
    public required int Connections { get; init; }

    /// <summary>The number of feeds.</summary>
    public required int Feeds { get; init; }

    /// <summary>The number of destinations, without <c>local</c>.</summary>
    public required int Destinations { get; init; }

    /// <summary>The folder of the definitions.</summary>
    public override string ToString() => ConfigDirectory;
}
