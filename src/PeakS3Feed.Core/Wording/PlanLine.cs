namespace PeakS3Feed.Wording;

/// <summary>A line about a plan.</summary>
/// <param name="Text">The text, not yet made visible.</param>
/// <param name="Indent">Spaces before it.</param>
/// <param name="IsProse">Whether it may be wrapped at words; a path or a statement may not.</param>
public readonly record struct PlanLine(string Text, int Indent, bool IsProse);
