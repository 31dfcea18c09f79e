namespace PeakS3Feed.Schemas;

/// <summary>What a destination refuses; it is checked before anything is sent.</summary>
public sealed record ValueLimits
{
    /// <summary>Whether text may hold the character U+0000.</summary>
    public bool AllowNul { get; init; } = true;

    /// <summary>
    /// Whether JSON is stored by its values, as PostgreSQL's jsonb is: the escape of U+0000, an escaped lone surrogate and a number
    /// beyond the range of numeric are refused then.
    /// </summary>
    public bool StoresJsonValues { get; init; }

    /// <summary>The longest text or JSON, in bytes of UTF-8; null for no limit of its own.</summary>
    public int? MaxTextBytes { get; init; }

    /// <summary>The most columns a table can have.</summary>
    public int MaxColumns { get; init; } = FeedSchema.MaxColumns;

    /// <summary>The longest column name, in bytes of UTF-8.</summary>
    public int MaxNameBytes { get; init; } = 63;

    /// <summary>Whether column names are upper case (Snowflake).</summary>
    public bool UpperCaseNames { get; init; }

    /// <summary>
    /// The names that a table's columns cannot have, for the destination gives them to columns of its own. The set decides whether case counts.
    /// </summary>
    public IReadOnlySet<string> ReservedNames { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}
