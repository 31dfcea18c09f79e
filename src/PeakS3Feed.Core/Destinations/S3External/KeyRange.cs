using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>The bounds of the values of some columns.</summary>
/// <param name="Columns">The columns. A bound is null where it is unknown.</param>
internal sealed record KeyRange(IReadOnlyList<ColumnRange> Columns)
{
    /// <summary>Returns the bounds of the keys of staged files.</summary>
    /// <param name="parts">The files; at least one.</param>
    /// <param name="key">The key columns.</param>
    public static KeyRange From(IReadOnlyList<TablePart> parts, IReadOnlyList<FeedColumn> key)
        => new([.. key.Select(column => parts.Select(p => p.GetRange(column)).Aggregate((a, b) => a.With(b)))]);

    /// <summary>Whether a file of the table may hold a row within the bounds.</summary>
    public bool Meets(DeltaAdd file) => Columns.All(c => c.Meets(FileRange.Find(file, c.Column)));
}

/// <summary>The bounds of one column.</summary>
/// <param name="Column">The column.</param>
/// <param name="Min">No value is less; null where that is unknown.</param>
/// <param name="Max">No value is greater; null where that is unknown.</param>
internal sealed record ColumnRange(FeedColumn Column, ParquetBound? Min, ParquetBound? Max)
{
    /// <summary>Returns the bounds of the values of both.</summary>
    public ColumnRange With(ColumnRange other) => this with
    {
        Min = Min is { } a && other.Min is { } b ? (a.CompareTo(b, Column.Type) <= 0 ? a : b) : null,
        Max = Max is { } c && other.Max is { } d ? (c.CompareTo(d, Column.Type) >= 0 ? c : d) : null,
    };

    /// <summary>Whether there may be a value within the bounds of both.</summary>
    public bool Meets(ColumnRange other)
        => !(Max is { } max && other.Min is { } otherMin && max.CompareTo(otherMin, Column.Type) < 0)
            && !(Min is { } min && other.Max is { } otherMax && min.CompareTo(otherMax, Column.Type) > 0);
}

/// <summary>The bounds of texts.</summary>
internal sealed class TextRange
{
    private byte[]? _min;
    private byte[]? _max;

    /// <summary>Adds a text.</summary>
    public void Add(byte[] text)
    {
        if (_min is null || text.AsSpan().SequenceCompareTo(_min) < 0)
            _min = text;
        if (_max is null || text.AsSpan().SequenceCompareTo(_max) > 0)
            _max = text;
    }

    /// <summary>Returns the bounds for a column.</summary>
    public KeyRange For(FeedColumn column)
        => new([new ColumnRange(column, _min is null ? null : ParquetBound.From(_min), _max is null ? null : ParquetBound.From(_max))]);
}
