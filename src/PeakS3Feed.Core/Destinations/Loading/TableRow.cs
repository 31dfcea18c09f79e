using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>A row of a table.</summary>
/// <param name="Columns">The names of the columns as the table has them, audit columns last. All rows of one reading share the list.</param>
/// <param name="Values">Their values, of the types that <see cref="Rows.CellValue"/> returns; null for NULL.</param>
public sealed record TableRow(IReadOnlyList<string> Columns, IReadOnlyList<object?> Values);

/// <summary>Which rows of a table to read. All conditions that are set must be true.</summary>
/// <param name="Limit">At most this many rows.</param>
public sealed record RowSelection(long Limit)
{
    /// <summary>
    /// Only rows whose audit columns name this run. They are ordered by the objects that they came from, so that they are read in full.
    /// </summary>
    public Guid? RunId { get; init; }

    /// <summary>Only rows whose audit columns name this object, as <c>s3://bucket/key</c>.</summary>
    public string? ObjectUri { get; init; }

    /// <summary>The feed's columns. They say what values mean that the destination stores as text or numbers; null if they are unknown.</summary>
    public FeedSchema? Schema { get; init; }
}
