namespace PeakS3Feed.Destinations.Loading;

/// <summary>A row of a batch that the destination itself refused: too wide for it, or a key too long for an index.</summary>
/// <param name="Row">The row's number in the batch, from 0.</param>
/// <param name="Reason">What the destination said.</param>
public sealed record RefusedRow(int Row, string Reason);
