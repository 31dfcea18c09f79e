using System.Text.Json.Serialization;

namespace PeakS3Feed.Destinations;

/// <summary>Where rows land: a named, reusable definition. Immutable; secrets are references.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SqliteDestination), "Sqlite")]
[JsonDerivedType(typeof(PostgreSqlDestination), "PostgreSql")]
public abstract record S3FeedDestination
{
    /// <summary>The name: letters, digits and underscores, unique regardless of case.</summary>
    public required string Name { get; init; }

    /// <summary>The kind, for people: SQLite, PostgreSQL.</summary>
    [JsonIgnore]
    public abstract string Kind { get; }
}
