using PeakS3Feed.Definitions;

namespace PeakS3Feed.Schemas;

/// <summary>The columns of a feed, in the order of the table.</summary>
public sealed class FeedSchema : IEquatable<FeedSchema>
{
    /// <summary>The maximum number of columns of a feed.</summary>
    public const int MaxColumns = 1000;

    /// <summary>Creates a schema.</summary>
    public FeedSchema(IEnumerable<FeedColumn> columns) => Columns = columns.ToArray(); // an array, which PowerShell can index

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<FeedColumn> Columns { get; }

    /// <summary>The column with that name (ordinal comparison), or null.</summary>
    public FeedColumn? Find(string name) => Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal));

    /// <summary>The column for that source field (ordinal comparison), or null.</summary>
    public FeedColumn? FindField(string field) => Columns.FirstOrDefault(c => string.Equals(c.Field, field, StringComparison.Ordinal));

    /// <summary>
    /// The column that a person names: by its name or its source field, and by its name in any case, which is unique; or null.
    /// </summary>
    public FeedColumn? FindNamed(string name)
        => Find(name) ?? FindField(name) ?? Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns this schema with more columns at its end.</summary>
    public FeedSchema With(IEnumerable<FeedColumn> added) => new(Columns.Concat(added));

    /// <summary>
    /// Returns this schema with <see cref="FeedColumn.InEveryFile"/> from another schema. Columns that the other schema lacks stay unchanged.
    /// </summary>
    public FeedSchema WithInEveryFileOf(FeedSchema other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var known = ByField(other);
        return new(Columns.Select(c => known.TryGetValue(c.Field, out var column) ? c with { InEveryFile = column.InEveryFile } : c));
    }

    /// <summary>Returns this schema with the unknown members of another schema's columns.</summary>
    internal FeedSchema WithUnknownOf(FeedSchema other)
    {
        var known = ByField(other);
        return new(Columns.Select(c => c.Unknown.Count == 0 && known.TryGetValue(c.Field, out var column) ? c with { Unknown = column.Unknown } : c));
    }

    /// <summary>Returns this schema without the values of <see cref="FeedColumn.InEveryFile"/>.</summary>
    public FeedSchema WithoutInEveryFile() => new(Columns.Select(c => c with { InEveryFile = null }));

    /// <summary>Returns this schema with other types for some columns.</summary>
    /// <param name="types">Types by column name or source field, each as <see cref="ColumnTypes.Parse"/> reads it. Case matters only where names
    /// differ in case alone. Where both the name and the field of a column are given, the name has precedence.</param>
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

    /// <summary>Whether a column has that name, in any case.</summary>
    internal bool HasName(string name) => Columns.Any(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a column has that name or source field, in any case.</summary>
    internal bool HasColumnOrField(string name) => IndexOf([.. Columns], name) >= 0;

    /// <inheritdoc/>
    public bool Equals(FeedSchema? other) => other is not null && Columns.SequenceEqual(other.Columns);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FeedSchema);

    /// <inheritdoc/>
    public override int GetHashCode() => Columns.Aggregate(17, (h, c) => HashCode.Combine(h, c));

    private static Dictionary<string, FeedColumn> ByField(FeedSchema schema)
    {
        var columns = new Dictionary<string, FeedColumn>(StringComparer.Ordinal);
        foreach (var column in schema.Columns) columns.TryAdd(column.Field, column);
        return columns;
    }

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

/// <summary>A column of a feed.</summary>
/// <param name="Name">The name in the destination: snake_case, assigned once.</param>
/// <param name="Field">The source field: the header or JSON member name, as in the file.</param>
/// <param name="Type">The column's type.</param>
/// <param name="Scale">The number of digits after the point, 0 to 38; only for <see cref="ColumnType.Decimal"/>.</param>
/// <param name="Nullable">Whether NULL is allowed. If not, a row with NULL is a reject.</param>
public sealed record FeedColumn(string Name, string Field, ColumnType Type, int Scale = 0, bool Nullable = true)
{
    /// <summary>Whether every file that the feed has loaded so far had the field; null where this is unknown.</summary>
    public bool? InEveryFile { get; init; }

    /// <summary>Members of the column in the definitions file that this version does not know.</summary>
    internal UnknownMembers Unknown { get; init; } = [];

    /// <summary>The type in schemas and messages, for example <c>decimal(38,2)</c>.</summary>
    public string TypeName => Type == ColumnType.Decimal ? $"decimal(38,{Scale})" : Type.ToString().ToLowerInvariant();
}
