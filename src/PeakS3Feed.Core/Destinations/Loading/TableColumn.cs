namespace PeakS3Feed.Destinations.Loading;

/// <summary>A column as the destination has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SqlType">Its type in the destination's own words.</param>
/// <param name="Required">NOT NULL and without a default, so that a row must bring a value.</param>
public sealed record TableColumn(string Name, string SqlType, bool Required);
