namespace PeakS3Feed.Destinations.Loading;

/// <summary>One committed load, as the ledger has it.</summary>
/// <param name="LoadId">Hash of feed, table, sequence and object versions: the same work has the same id.</param>
/// <param name="Sequence">Its number among the loads of this feed and table, from 1.</param>
/// <param name="RunId">The run that made it.</param>
/// <param name="Mode">What it did to the table.</param>
/// <param name="Rows">Rows loaded.</param>
/// <param name="Objects">Objects loaded.</param>
/// <param name="Bytes">Their bytes as stored.</param>
/// <param name="CommittedAt">When, UTC, by the loader's clock.</param>
public sealed record LoadRecord(string LoadId, long Sequence, Guid RunId, LoadMode Mode, long Rows, long Objects, long Bytes, DateTimeOffset CommittedAt);
