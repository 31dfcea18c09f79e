namespace PeakS3Feed.Store.Documents;

/// <summary>A column of a schema as it is written; null stands for the default.</summary>
internal sealed class ColumnDocument : Document
{
    public string? Name { get; set; }

    /// <summary>The source field; left out where it is the column's name.</summary>
    public string? Field { get; set; }

    /// <summary>For example <c>bigint</c> or <c>decimal(38,2)</c>.</summary>
    public string? Type { get; set; }

    public bool? Nullable { get; set; }

    /// <summary>Whether every file so far had the field; runs write it, and it is left out where that is not known.</summary>
    public bool? InEveryFile { get; set; }
}
