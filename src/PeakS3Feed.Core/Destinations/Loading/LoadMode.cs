namespace PeakS3Feed.Destinations.Loading;

/// <summary>What a load does to its table.</summary>
public enum LoadMode
{
    /// <summary>Adds rows.</summary>
    Append,

    /// <summary>Updates or inserts whole rows by key; of several rows with one key the last wins.</summary>
    Upsert,

    /// <summary>Replaces all rows.</summary>
    Replace,
}
