using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>What a run's loads have in common.</summary>
public sealed record LoadSpec
{
    /// <summary>What they do to the table.</summary>
    public required LoadMode Mode { get; init; }

    /// <summary>The feed's columns.</summary>
    public required FeedSchema Schema { get; init; }

    /// <summary>The names of the key columns; empty unless <see cref="LoadMode.Upsert"/>.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>Whether the audit columns are written.</summary>
    public bool Audit { get; init; } = true;

    /// <summary>Whether a single object's rows may have to be undone (-OnBadFile Skip).</summary>
    public bool UndoObjects { get; init; }

    /// <summary>
    /// Whether rows are sent so that one which the destination refuses can be found and taken out. Slower; set once a row was refused.
    /// </summary>
    public bool FindRefusedRows { get; init; }

    /// <summary>Whether rows of earlier versions of changed keys are deleted first (-OnChangedObject Replace).</summary>
    public bool DeleteEarlierVersions { get; init; }
}
