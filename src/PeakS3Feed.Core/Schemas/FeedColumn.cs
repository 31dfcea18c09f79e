namespace PeakS3Feed.Schemas;

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

    /// <summary>The type in schemas and messages, for example <c>decimal(38,2)</c>.</summary>
    public string TypeName => Type == ColumnType.Decimal ? $"decimal(38,{Scale})" : Type.ToString().ToLowerInvariant();
}
