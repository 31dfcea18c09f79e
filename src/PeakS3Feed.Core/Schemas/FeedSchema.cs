namespace PeakS3Feed.Schemas;

/// <summary>The columns of a feed, in the table's order.</summary>
public sealed class FeedSchema : IEquatable<FeedSchema>
{
    /// <summary>The most columns a feed may have.</summary>
    public const int MaxColumns = 1000;

    /// <summary>Makes a schema of columns.</summary>
    public FeedSchema(IEnumerable<FeedColumn> columns) => Columns = [.. columns];

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<FeedColumn> Columns { get; }

    /// <summary>The column of that name (ordinal, as stored), or null.</summary>
    public FeedColumn? Find(string name) => Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal));

    /// <summary>The column fed by that source field, or null.</summary>
    public FeedColumn? FindField(string field) => Columns.FirstOrDefault(c => string.Equals(c.Field, field, StringComparison.Ordinal));

    /// <summary>This schema and more columns at its end.</summary>
    public FeedSchema With(IEnumerable<FeedColumn> added) => new(Columns.Concat(added));

    /// <inheritdoc/>
    public bool Equals(FeedSchema? other) => other is not null && Columns.SequenceEqual(other.Columns);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FeedSchema);

    /// <inheritdoc/>
    public override int GetHashCode() => Columns.Aggregate(17, (h, c) => HashCode.Combine(h, c));
}
