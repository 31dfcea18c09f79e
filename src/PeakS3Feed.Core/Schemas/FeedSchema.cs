namespace PeakS3Feed.Schemas;

/// <summary>The columns of a feed, in the table's order.</summary>
public sealed class FeedSchema : IEquatable<FeedSchema>
{
    /// <summary>The most columns a feed may have.</summary>
    public const int MaxColumns = 1000;

    /// <summary>Makes a schema of columns.</summary>
    public FeedSchema(IEnumerable<FeedColumn> columns) => Columns = columns.ToArray(); // which PowerShell can index

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<FeedColumn> Columns { get; }

    /// <summary>The column of that name (ordinal, as stored), or null.</summary>
    public FeedColumn? Find(string name) => Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal));

    /// <summary>The column fed by that source field, or null.</summary>
    public FeedColumn? FindField(string field) => Columns.FirstOrDefault(c => string.Equals(c.Field, field, StringComparison.Ordinal));

    /// <summary>This schema and more columns at its end.</summary>
    public FeedSchema With(IEnumerable<FeedColumn> added) => new(Columns.Concat(added));

    /// <summary>This schema with what another one knows of which fields every file had. Columns that it does not have stay as they are.</summary>
    public FeedSchema WithInEveryFileOf(FeedSchema other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var known = new Dictionary<string, bool?>(StringComparer.Ordinal);
        foreach (var column in other.Columns)
            known.TryAdd(column.Field, column.InEveryFile);
        return new(Columns.Select(c => known.TryGetValue(c.Field, out var inEveryFile) ? c with { InEveryFile = inEveryFile } : c));
    }

    /// <summary>This schema without knowledge of which fields every file had.</summary>
    public FeedSchema WithoutInEveryFile() => new(Columns.Select(c => c with { InEveryFile = null }));

    /// <summary>This schema with other types for some of its columns.</summary>
    /// <param name="types">
    /// For a column's name, or else its source field, a type as <see cref="ColumnTypes.Parse"/> reads it. Case counts only where both are there;
    /// where a column is named twice, its name goes before its field.
    /// </param>
    /// <exception cref="Errors.FeedException"><c>ColumnUnknown</c>, <c>ColumnTypeUnknown</c>.</exception>
    public FeedSchema WithOverrides(IReadOnlyDictionary<string, string> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        var columns = Columns.ToArray();
        foreach (var (name, text) in types.OrderBy(t => Find(t.Key) is not null))
        {
            var at = IndexOf(columns, name);
            if (at < 0) throw SchemaErrors.ColumnUnknown(name, this);
            var (type, scale) = ColumnTypes.Find(text) ?? throw SchemaErrors.TypeUnknown(text, columns[at].Name);
            columns[at] = columns[at] with { Type = type, Scale = scale };
        }

        return new(columns);
    }

    /// <summary>Whether a column has that name, or is fed by that field, in any case.</summary>
    internal bool HasColumnOrField(string name) => IndexOf([.. Columns], name) >= 0;

    /// <inheritdoc/>
    public bool Equals(FeedSchema? other) => other is not null && Columns.SequenceEqual(other.Columns);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FeedSchema);

    /// <inheritdoc/>
    public override int GetHashCode() => Columns.Aggregate(17, (h, c) => HashCode.Combine(h, c));

    private static int IndexOf(FeedColumn[] columns, string name)
    {
        foreach (var comparison in (StringComparison[])[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
        {
            var at = Array.FindIndex(columns, c => string.Equals(c.Name, name, comparison));
            if (at < 0) at = Array.FindIndex(columns, c => string.Equals(c.Field, name, comparison));
            if (at >= 0) return at;
        }

        return -1;
    }
}
