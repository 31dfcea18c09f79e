namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>How long a session waits before it gives up.</summary>
internal sealed record PostgreSqlTimings
{
    /// <summary>For another run of the same feed and table to end.</summary>
    public TimeSpan RunLock { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For a lock on a table or row that something else in the database holds.</summary>
    public TimeSpan TableLock { get; init; } = TimeSpan.FromSeconds(60);
}
