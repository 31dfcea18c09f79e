namespace PeakS3Feed.Schemas;

/// <summary>The limits of a destination. Rows are checked before anything is sent.</summary>
public sealed record ValueLimits
{
    /// <summary>Whether text may contain the character U+0000.</summary>
    public bool AllowNul { get; init; } = true;

    /// <summary>
    /// Whether the destination stores the values of JSON, not its text, as PostgreSQL's jsonb does. It then refuses the escape of U+0000, escaped
    /// lone surrogates, duplicate names, and numbers beyond the range of numeric.
    /// </summary>
    public bool StoresJsonValues { get; init; }

    /// <summary>The maximum size of text or JSON, in bytes of UTF-8; null for no limit of its own.</summary>
    public int? MaxTextBytes { get; init; }

    /// <summary>The maximum number of columns of a table.</summary>
    public int MaxColumns { get; init; } = FeedSchema.MaxColumns;

    /// <summary>The maximum length of a column name, in bytes of UTF-8.</summary>
    public int MaxNameBytes { get; init; } = 63;

    /// <summary>Whether column names are upper case (Snowflake).</summary>
    public bool UpperCaseNames { get; init; }

    /// <summary>
    /// Names that a table's columns cannot have, because the destination uses them for its own columns. The set decides whether case matters.
    /// </summary>
    public IReadOnlySet<string> ReservedNames { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The limits that values and names meet in all of several destinations.</summary>
    /// <param name="limits">The limits of each; at least one.</param>
    public static ValueLimits Narrowest(IEnumerable<ValueLimits> limits) => limits.Aggregate((a, b) => new ValueLimits
    {
        AllowNul = a.AllowNul && b.AllowNul,
        StoresJsonValues = a.StoresJsonValues || b.StoresJsonValues,
        MaxTextBytes = a.MaxTextBytes is { } left && b.MaxTextBytes is { } right ? Math.Min(left, right) : a.MaxTextBytes ?? b.MaxTextBytes,
        MaxColumns = Math.Min(a.MaxColumns, b.MaxColumns),
        MaxNameBytes = Math.Min(a.MaxNameBytes, b.MaxNameBytes),
        UpperCaseNames = a.UpperCaseNames || b.UpperCaseNames,
        ReservedNames = a.ReservedNames.Count == 0 ? b.ReservedNames
            : b.ReservedNames.Count == 0 ? a.ReservedNames
            : new HashSet<string>(a.ReservedNames.Concat(b.ReservedNames), StringComparer.OrdinalIgnoreCase),
    });
}
