namespace PeakS3Feed.Schemas;

/// <summary>A column in the JSON of definitions and of the ledger; null means the default.</summary>
internal sealed record WrittenColumn
{
    public string? Name { get; init; }

    /// <summary>The source field; by default the column's name.</summary>
    public string? Field { get; init; }

    /// <summary>The type, for example <c>bigint</c> or <c>decimal(38,2)</c>; by default text.</summary>
    public string? Type { get; init; }

    /// <summary>Whether NULL is allowed; by default true.</summary>
    public bool? Nullable { get; init; }

    /// <summary>Whether every file had the field; by default unknown.</summary>
    public bool? InEveryFile { get; init; }

    public static WrittenColumn From(FeedColumn column) => new()
    {
        Name = column.Name,
        Field = column.Field,
        Type = column.TypeName,
        Nullable = column.Nullable ? null : false,
        InEveryFile = column.InEveryFile,
    };

    /// <summary>Returns the column, or null when this version does not know the type.</summary>
    public FeedColumn? ToColumn()
        => ColumnTypes.Find(Type ?? "text") is var (type, scale)
            ? new(Name ?? "", Field ?? Name ?? "", type, scale, Nullable ?? true) { InEveryFile = InEveryFile }
            : null;
}
