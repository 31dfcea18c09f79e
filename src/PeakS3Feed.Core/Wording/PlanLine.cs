namespace PeakS3Feed.Wording;

/// <summary>A line of text about a plan.</summary>
/// <param name="Text">The text, with control characters not yet escaped.</param>
/// <param name="Indent">The number of leading spaces.</param>
/// <param name="IsProse">Whether the line may be wrapped at words. A path or a statement may not.</param>
public readonly record struct PlanLine(string Text, int Indent, bool IsProse);
