namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>A value that may be meant.</summary>
/// <param name="Value">The value.</param>
/// <param name="ToolTip">What it is.</param>
internal sealed record Candidate(string Value, string ToolTip);
