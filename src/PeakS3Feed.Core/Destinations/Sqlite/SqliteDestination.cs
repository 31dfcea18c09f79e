namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>A SQLite database file.</summary>
public sealed record SqliteDestination : S3FeedDestination
{
    /// <summary>The database file; relative to the state directory. Created when it is missing.</summary>
    public required string Path { get; init; }

    /// <inheritdoc/>
    public override string Kind => "SQLite";

    /// <inheritdoc/>
    public override string Place => Path;
}
