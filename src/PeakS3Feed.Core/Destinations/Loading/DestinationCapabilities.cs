using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>What a destination can do. The rest of the core reads these and never asks which destination it is.</summary>
public sealed record DestinationCapabilities
{
    /// <summary>The values and names that the destination refuses.</summary>
    public required ValueLimits ValueLimits { get; init; }

    /// <summary>What loads can do to a table.</summary>
    public IReadOnlyList<LoadMode> Modes { get; init => field = value.ToArray(); } = Enum.GetValues<LoadMode>();

    /// <summary>Whether the destination enforces unique keys, so that the key of an Upsert needs an index and may be refused.</summary>
    public bool EnforcesKeys { get; init; } = true;

    /// <summary>Whether the rows of a changed object's earlier version can be deleted (-OnChangedObject Replace).</summary>
    public bool DeletesByObject { get; init; } = true;

    /// <summary>Whether a feed can adopt a table that holds rows already.</summary>
    public bool AdoptsTables { get; init; } = true;

    /// <summary>Whether columns can be renamed.</summary>
    public bool Renames { get; init; } = true;

    /// <summary>
    /// Whether columns are renamed in the transaction of the load that needs it. Otherwise they are renamed before it, and a load that is tried again
    /// finds some of them renamed.
    /// </summary>
    public bool RenamesInCommit { get; init; } = true;

    /// <summary>Whether tables can have partitions (<see cref="LoadSpec.PartitionBy"/>).</summary>
    public bool Partitions { get; init; }

    /// <summary>How the engine loads the objects of a source itself; null if it cannot.</summary>
    public DirectLoading? Direct { get; init; }

    /// <summary>The most staged parts that one commit takes; null for no limit.</summary>
    public int? MaxParts { get; init; }
}
