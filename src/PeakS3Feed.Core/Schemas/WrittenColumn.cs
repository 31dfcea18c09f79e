namespace PeakS3Feed.Schemas;

/// <summary>A column as definitions and the ledger have it in their JSON; null stands for the default.</summary>
internal sealed record WrittenColumn
{
    public string? Name { get; init; }

    /// <summary>The source field; the column's name by default.</summary>
    public string? Field { get; init; }

    /// <summary>For example <c>bigint</c> or <c>decimal(38,2)</c>; text by default.</summary>
    public string? Type { get; init; }

    /// <summary>True by default.</summary>
    public bool? Nullable { get; init; }

    /// <summary>Not known by default.</summary>
    public bool? InEveryFile { get; init; }

    public static WrittenColumn From(FeedColumn column) => new()
    {
        Name = column.Name,
        Field = column.Field,
        Type = column.TypeName,
        Nullable = column.Nullable ? null : false,
        InEveryFile = column.InEveryFile,
    };

    /// <summary>The column, or null when this version knows no such type.</summary>
    public FeedColumn? ToColumn()
        => ColumnTypes.Find(Type ?? "text") is var (type, scale)
            ? new(Name ?? "", Field ?? Name ?? "", type, scale, Nullable ?? true) { InEveryFile = InEveryFile }
            : null;
}
