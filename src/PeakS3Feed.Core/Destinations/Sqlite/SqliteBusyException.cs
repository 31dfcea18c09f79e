namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>Another program held the database for longer than we wait.</summary>
internal sealed class SqliteBusyException(string path, TimeSpan waited) : Exception($"{path} is in use by another program.")
{
    public string Path { get; } = path;

    public TimeSpan Waited { get; } = waited;
}
