namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>A value to offer.</summary>
/// <param name="Value">The value.</param>
/// <param name="ToolTip">The text that explains it.</param>
internal sealed record Candidate(string Value, string ToolTip);
