using PeakS3Feed.Schemas;

namespace PeakS3Feed.Store;

/// <summary>The result of changing settings that were given as text.</summary>
/// <param name="Before">The definition before. A feed without a schema has the columns that were found for the change.</param>
/// <param name="Now">The definition after the change.</param>
/// <param name="Changes">The change of each given setting, in the given order.</param>
public sealed record SettingsResult<T>(T Before, T Now, IReadOnlyList<SettingChange> Changes)
{
    /// <summary>For a connection: whether its policy no longer covers it, so that the role needs a new one.</summary>
    public bool OutdatesPolicy { get; init; }
}

/// <summary>The change of one setting.</summary>
/// <param name="Key">The setting, as in the import document: <c>table</c>, <c>csv.separator</c>.</param>
/// <param name="Before">Its JSON before; null for the default.</param>
/// <param name="After">Its JSON after; null for the default.</param>
public sealed record SettingChange(string Key, string? Before, string? After);

/// <summary>The definition whose settings are changed, for messages.</summary>
/// <param name="Kind">For example <c>feed</c>.</param>
/// <param name="Name">Its name.</param>
internal sealed record SettingOwner(string Kind, string Name)
{
    /// <summary>The columns of a feed; null if it has no schema.</summary>
    public FeedSchema? Columns { get; init; }

    public override string ToString() => $"{char.ToUpperInvariant(Kind[0])}{Kind[1..]} {Name}";
}
