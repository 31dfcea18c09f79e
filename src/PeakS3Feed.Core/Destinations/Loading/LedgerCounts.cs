namespace PeakS3Feed.Destinations.Loading;

/// <summary>How much the ledger has of one feed and table, by its own records, so that rows which somebody deleted show.</summary>
/// <param name="Loads">Rows of loads.</param>
/// <param name="RecordedObjects">Objects that those loads say they brought, as far as no later load replaced them all.</param>
/// <param name="Objects">Rows of objects.</param>
/// <param name="AuditedMode">The mode of the last load if it filled audit columns, else null.</param>
public sealed record LedgerCounts(long Loads, long RecordedObjects, long Objects, LoadMode? AuditedMode);
