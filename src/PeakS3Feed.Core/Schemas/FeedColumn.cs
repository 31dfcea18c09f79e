namespace PeakS3Feed.Schemas;

/// <summary>One column of a feed.</summary>
/// <param name="Name">The name in the destination (snake_case, assigned once).</param>
/// <param name="Field">The source field: header name or JSON member name, as written in the file.</param>
/// <param name="Type">The column's type.</param>
/// <param name="Scale">Digits behind the point, 0 to 38; only for <see cref="ColumnType.Decimal"/>.</param>
/// <param name="Nullable">Whether NULL is allowed; a NULL in a column that forbids it is a reject.</param>
public sealed record FeedColumn(string Name, string Field, ColumnType Type, int Scale = 0, bool Nullable = true)
{
    /// <summary>Whether every file that the feed has loaded so far had the field; null where that is not known.</summary>
    public bool? InEveryFile { get; init; }

    /// <summary>The type as written in schemas and messages, for example <c>decimal(38,2)</c>.</summary>
    public string TypeName => Type == ColumnType.Decimal ? $"decimal(38,{Scale})" : Type.ToString().ToLowerInvariant();
}
