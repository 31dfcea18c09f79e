namespace PeakS3Feed.Store;

/// <summary>What an edit did to one setting.</summary>
/// <param name="Key">The setting, as in the import document: <c>table</c>, <c>csv.separator</c>.</param>
/// <param name="Before">Its JSON before, or null for the default.</param>
/// <param name="After">Its JSON now, or null for the default.</param>
public sealed record SettingChange(string Key, string? Before, string? After);
