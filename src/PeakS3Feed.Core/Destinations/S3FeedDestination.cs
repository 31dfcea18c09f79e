using PeakS3Feed.Definitions;

namespace PeakS3Feed.Destinations;

/// <summary>Where rows land: a named, reusable definition. Immutable; secrets are references.</summary>
public abstract record S3FeedDestination : DefinitionRecord
{
    /// <summary>The name: letters, digits and underscores, unique regardless of case.</summary>
    public required string Name { get; init; }

    /// <summary>The kind, for people: SQLite, PostgreSQL.</summary>
    public abstract string Kind { get; }

    /// <summary>The database, for people: a file; or host, port, database and schema. No secrets.</summary>
    public abstract string Place { get; }

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;
}
