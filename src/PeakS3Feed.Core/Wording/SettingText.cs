using PeakS3Feed.Store;

namespace PeakS3Feed.Wording;

/// <summary>Describes changes of settings.</summary>
public static class SettingText
{
    /// <summary>Returns a change, for example <c>csv.separator: "," -> ";"</c>.</summary>
    public static string Describe(SettingChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return $"{change.Key}: {change.Before ?? "(default)"} -> {change.After ?? "(default)"}";
    }

    /// <summary>Returns what is done and which settings it changes, in one line.</summary>
    /// <param name="action">What is done, for example <c>Change the feed</c>.</param>
    /// <param name="changes">The changes.</param>
    public static string Describe(string action, IReadOnlyList<SettingChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Count == 0 ? $"{action} (nothing changes)" : $"{action} ({string.Join(", ", changes.Select(Describe))})";
    }
}
