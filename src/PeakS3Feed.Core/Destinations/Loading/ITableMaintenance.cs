namespace PeakS3Feed.Destinations.Loading;

/// <summary>A destination whose tables consist of files that can be compacted and removed. Both are safe while somebody reads or loads.</summary>
public interface ITableMaintenance
{
    /// <summary>
    /// Compacts small files of a table, in a commit of its own. If a load commits meanwhile, the load wins: what it touched stays as it is.
    /// </summary>
    /// <param name="target">The feed and table.</param>
    /// <param name="cancellationToken">Stops before the commit.</param>
    /// <returns>What was done; nothing where no file is worth it.</returns>
    Task<TableMaintenanceResult> OptimizeAsync(LoadTarget target, CancellationToken cancellationToken);

    /// <summary>Deletes files that no version of a table refers to, and that are older than a reader may still need.</summary>
    /// <param name="target">The feed and table.</param>
    /// <param name="olderThan">The minimum age of a file that is deleted: since it was removed from the table, or since it was written.</param>
    /// <param name="dryRun">Whether the files are only counted.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <returns>What was done.</returns>
    Task<TableVacuumResult> VacuumAsync(LoadTarget target, TimeSpan olderThan, bool dryRun, CancellationToken cancellationToken);
}

/// <summary>What the compaction of a table did.</summary>
/// <param name="FilesRemoved">Files that the table no longer uses.</param>
/// <param name="BytesRemoved">Their bytes.</param>
public sealed record TableMaintenanceResult(long FilesRemoved, long BytesRemoved)
{
    /// <summary>The feed of the table.</summary>
    public string FeedName { get; init; } = "";

    /// <summary>The destination of the table.</summary>
    public string DestinationName { get; init; } = "";

    /// <summary>The table.</summary>
    public string Table { get; init; } = "";

    /// <summary>Files that were written instead.</summary>
    public long FilesAdded { get; init; }

    /// <summary>Their bytes.</summary>
    public long BytesAdded { get; init; }

    /// <summary>The version of the table that the compaction committed; null if it committed none.</summary>
    public long? Version { get; init; }

    /// <summary>The table.</summary>
    public override string ToString() => Table;
}

/// <summary>What a vacuum of a table did, or would do.</summary>
/// <param name="FilesRemoved">Data files that were deleted.</param>
/// <param name="BytesRemoved">Their bytes.</param>
public sealed record TableVacuumResult(long FilesRemoved, long BytesRemoved)
{
    /// <summary>The feed of the table.</summary>
    public string FeedName { get; init; } = "";

    /// <summary>The destination of the table.</summary>
    public string DestinationName { get; init; } = "";

    /// <summary>The table.</summary>
    public string Table { get; init; } = "";

    /// <summary>Files of ledgers that were deleted, because newer ones have replaced them.</summary>
    public long LedgerFilesRemoved { get; init; }

    /// <summary>Their bytes.</summary>
    public long LedgerBytesRemoved { get; init; }

    /// <summary>The table.</summary>
    public override string ToString() => Table;
}

/// <summary>The limits of the maintenance of tables.</summary>
public static class TableMaintenance
{
    /// <summary>
    /// The minimum age of a file that is deleted. A query or a load that began earlier than that may fail, because it still needs the file.
    /// </summary>
    public static readonly TimeSpan MinAge = TimeSpan.FromDays(7);

    /// <summary>Throws if files are to be deleted that a reader or a load may still need.</summary>
    /// <param name="feedName">The feed.</param>
    /// <param name="olderThan">The minimum age that is requested.</param>
    /// <exception cref="Errors.FeedException"><c>VacuumTooEarly</c>.</exception>
    public static void ThrowIfTooEarly(string feedName, TimeSpan olderThan)
    {
        if (olderThan < MinAge)
            throw TableErrors.VacuumTooEarly(feedName, olderThan, MinAge);
    }
}
