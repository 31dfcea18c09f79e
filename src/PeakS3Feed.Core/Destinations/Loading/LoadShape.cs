namespace PeakS3Feed.Destinations.Loading;

/// <summary>How rows get into a destination.</summary>
public enum LoadShape
{
    /// <summary>Rows go straight in, inside the transaction.</summary>
    Rows,

    /// <summary>Files are staged before the transaction, and the engine copies them inside it.</summary>
    StagedFiles,
}
