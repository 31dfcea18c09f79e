namespace PeakS3Feed.Cmdlets.Store;

/// <summary>A store: where it is and what it holds.</summary>
public sealed record S3FeedStoreInfo
{
    /// <summary>The folder of the definitions.</summary>
    public required string ConfigDirectory { get; init; }

    /// <summary>The folder of the runs, the locks and the <c>local</c> destination.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>How many connections it has.</summary>
    public required int Connections { get; init; }

    /// <summary>How many feeds it has.</summary>
    public required int Feeds { get; init; }

    /// <summary>How many destinations it has, without <c>local</c>.</summary>
    public required int Destinations { get; init; }
}
