namespace PeakS3Feed.Destinations.Loading;

/// <summary>A load that was committed.</summary>
/// <param name="Load">As the ledger has it.</param>
/// <param name="Totals">What was written.</param>
public sealed record LoadOutcome(LoadRecord Load, LoadTotals Totals);
