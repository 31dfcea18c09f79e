namespace PeakS3Feed.Store;

/// <summary>What came of an edit of a connection.</summary>
/// <param name="Changes">What became of each setting that was given, in that order.</param>
/// <param name="OutdatesPolicy">Whether the policy that was made for the connection no longer fits it, so that the role needs a new one.</param>
public sealed record ConnectionEditResult(IReadOnlyList<SettingChange> Changes, bool OutdatesPolicy);
